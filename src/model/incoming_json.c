// Incoming <-> JSON, by tables of members. Strict on the way in: parser processes are not trusted.
#include "model/incoming.h"

#include <string.h>

#include "base/error.h"

typedef enum {
    MEMBER_TEXT,
    MEMBER_FLAG,
    MEMBER_INSTANT,
    MEMBER_INTEGER,
    MEMBER_PARTY,
    MEMBER_PARTIES,
    MEMBER_TEXTS
} MemberType;

typedef struct {
    const char *name;
    MemberType type;
    gsize offset;
} Member;

#define INCOMING(type, member)                                                                     \
    { #member, type, offsetof(Incoming, member) }
#define MAIL(type, member)                                                                         \
    { #member, type, offsetof(Mail, member) }
#define ATTACHMENT(type, member)                                                                   \
    { #member, type, offsetof(Attachment, member) }
#define REPORT(type, member)                                                                       \
    { #member, type, offsetof(MailReport, member) }

static const Member incoming_members[] = {
    INCOMING(MEMBER_TEXT, event_key),
    INCOMING(MEMBER_TEXT, message_key),
    INCOMING(MEMBER_TEXT, thread_key),
    INCOMING(MEMBER_TEXT, group_key),
    INCOMING(MEMBER_FLAG, is_outbound),
    INCOMING(MEMBER_FLAG, is_automatic),
    INCOMING(MEMBER_PARTY, from),
    INCOMING(MEMBER_TEXT, language),
    INCOMING(MEMBER_INSTANT, occurred_at),
    INCOMING(MEMBER_INTEGER, version),
    INCOMING(MEMBER_TEXT, subject),
    INCOMING(MEMBER_TEXT, text),
    INCOMING(MEMBER_TEXT, new_text),
    INCOMING(MEMBER_TEXT, html),
    INCOMING(MEMBER_TEXT, quoted_key),
    INCOMING(MEMBER_TEXT, quoted_text),
    {NULL, MEMBER_TEXT, 0},
};

static const Member mail_members[] = {
    MAIL(MEMBER_TEXT, message_id),      MAIL(MEMBER_TEXTS, in_reply_to),
    MAIL(MEMBER_TEXTS, references),     MAIL(MEMBER_PARTIES, reply_to),
    MAIL(MEMBER_PARTIES, to),           MAIL(MEMBER_PARTIES, cc),
    MAIL(MEMBER_PARTIES, bcc),          MAIL(MEMBER_PARTY, sender),
    MAIL(MEMBER_TEXT, return_path),     MAIL(MEMBER_TEXTS, delivered_to),
    MAIL(MEMBER_TEXTS, labels),         MAIL(MEMBER_INSTANT, date),
    MAIL(MEMBER_INSTANT, received_at),  MAIL(MEMBER_TEXT, subject),
    MAIL(MEMBER_FLAG, is_automatic),    MAIL(MEMBER_FLAG, suppress_reply),
    MAIL(MEMBER_FLAG, has_own_loop),    MAIL(MEMBER_TEXT, report_about),
    MAIL(MEMBER_TEXT, report_envelope), MAIL(MEMBER_TEXT, list_id),
    MAIL(MEMBER_PARTY, forwarded_from), MAIL(MEMBER_TEXT, forwarded_subject),
    MAIL(MEMBER_TEXT, body_sha256),     {NULL, MEMBER_TEXT, 0},
};

static const Member attachment_members[] = {
    ATTACHMENT(MEMBER_TEXT, name),
    ATTACHMENT(MEMBER_TEXT, type),
    ATTACHMENT(MEMBER_TEXT, content_id),
    ATTACHMENT(MEMBER_FLAG, is_inline),
    ATTACHMENT(MEMBER_INTEGER, size),
    ATTACHMENT(MEMBER_TEXT, reference),
    {NULL, MEMBER_TEXT, 0},
};

static const Member report_members[] = {
    REPORT(MEMBER_TEXT, recipient),  REPORT(MEMBER_TEXT, action), REPORT(MEMBER_TEXT, status),
    REPORT(MEMBER_TEXT, diagnostic), {NULL, MEMBER_TEXT, 0},
};

static json_t *text_to_json(const char *text) {
    json_t *json = json_string(text);
    if (json != NULL)
        return json;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

static json_t *party_to_json(const Party *party) {
    json_t *json = json_object();
    json_object_set_new(json, "address", text_to_json(party->address));
    if (party->name != NULL)
        json_object_set_new(json, "name", text_to_json(party->name));
    return json;
}

static json_t *parties_to_json(const GPtrArray *parties) {
    json_t *json = json_array();
    for (guint at = 0; at < parties->len; at++)
        json_array_append_new(json, party_to_json(parties->pdata[at]));
    return json;
}

static json_t *texts_to_json(char *const *texts) {
    json_t *json = json_array();
    for (; *texts != NULL; texts++)
        json_array_append_new(json, text_to_json(*texts));
    return json;
}

#define AT(type, object, member) (*(type *)((char *)(object) + (member)->offset))
#define AT_CONST(type, object, member) (*(type const *)((const char *)(object) + (member)->offset))

// NULL where the member is absent or has its empty value.
static json_t *member_to_json(const void *object, const Member *member) {
    switch (member->type) {
    case MEMBER_TEXT: {
        const char *text = AT_CONST(char *, object, member);
        return text != NULL ? text_to_json(text) : NULL;
    }
    case MEMBER_FLAG:
        return AT_CONST(gboolean, object, member) ? json_true() : NULL;
    case MEMBER_INSTANT: {
        gint64 instant = AT_CONST(gint64, object, member);
        return instant != INSTANT_NONE ? json_integer(instant) : NULL;
    }
    case MEMBER_INTEGER: {
        gint64 integer = AT_CONST(gint64, object, member);
        return integer != 0 ? json_integer(integer) : NULL;
    }
    case MEMBER_PARTY: {
        const Party *party = AT_CONST(Party *, object, member);
        return party != NULL ? party_to_json(party) : NULL;
    }
    case MEMBER_PARTIES: {
        const GPtrArray *parties = AT_CONST(GPtrArray *, object, member);
        return parties->len > 0 ? parties_to_json(parties) : NULL;
    }
    case MEMBER_TEXTS: {
        char *const *texts = AT_CONST(char **, object, member);
        return texts[0] != NULL ? texts_to_json(texts) : NULL;
    }
    }
    return NULL;
}

static void members_to_json(json_t *json, const void *object, const Member *members) {
    for (; members->name != NULL; members++) {
        json_t *value = member_to_json(object, members);
        if (value != NULL)
            json_object_set_new(json, members->name, value);
    }
}

static json_t *list_to_json(const GPtrArray *list, const Member *members) {
    json_t *json = json_array();
    for (guint at = 0; at < list->len; at++) {
        json_t *item = json_object();
        members_to_json(item, list->pdata[at], members);
        json_array_append_new(json, item);
    }
    return json;
}

static json_t *mail_to_json(const Mail *mail) {
    json_t *json = json_object();
    json_object_set_new(json, "class", json_string(mail_class_name(mail->class)));
    members_to_json(json, mail, mail_members);
    if (mail->reports->len > 0)
        json_object_set_new(json, "reports", list_to_json(mail->reports, report_members));
    if (mail->authentication->len > 0) {
        json_t *values = json_array();
        for (guint at = 0; at < mail->authentication->len; at++)
            json_array_append_new(values, text_to_json(mail->authentication->pdata[at]));
        json_object_set_new(json, "authentication", values);
    }
    return json;
}

json_t *incoming_to_json(const Incoming *incoming) {
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string(incoming_type_name(incoming->type)));
    members_to_json(json, incoming, incoming_members);
    if (incoming->attachments->len > 0)
        json_object_set_new(json, "attachments",
                            list_to_json(incoming->attachments, attachment_members));
    if (incoming->extra != NULL)
        json_object_set(json, "extra", incoming->extra);
    if (incoming->mail != NULL)
        json_object_set_new(json, "mail", mail_to_json(incoming->mail));
    return json;
}

static gboolean fail(const char *member, GError **error) {
    error_set(error, ERROR_INVALID, "incoming_invalid", "\"%s\" is missing or of the wrong type",
              member);
    return FALSE;
}

static Party *party_from_json(const json_t *json) {
    const char *address = json_string_value(json_object_get(json, "address"));
    return address != NULL ? party_new(address, json_string_value(json_object_get(json, "name")))
                           : NULL;
}

static gboolean parties_from_json(const json_t *json, GPtrArray *parties) {
    for (gsize at = 0; at < json_array_size(json); at++) {
        Party *party = party_from_json(json_array_get(json, at));
        if (party == NULL)
            return FALSE;
        g_ptr_array_add(parties, party);
    }
    return json_is_array(json);
}

static gboolean texts_from_json(const json_t *json, char ***texts) {
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (gsize at = 0; at < json_array_size(json); at++) {
        const char *text = json_string_value(json_array_get(json, at));
        if (text == NULL)
            return FALSE;
        g_ptr_array_add(list, g_strdup(text));
    }
    if (!json_is_array(json))
        return FALSE;
    g_ptr_array_add(list, NULL);
    g_strfreev(*texts);
    *texts = (char **)g_ptr_array_steal(list, NULL);
    return TRUE;
}

static gboolean text_from_json(const json_t *json, char **text) {
    if (!json_is_string(json))
        return FALSE;
    g_free(*text);
    *text = g_strdup(json_string_value(json));
    return TRUE;
}

static gboolean party_member_from_json(const json_t *json, Party **party) {
    party_free(*party);
    *party = party_from_json(json);
    return *party != NULL;
}

static gboolean member_from_json(const json_t *json, void *object, const Member *member) {
    switch (member->type) {
    case MEMBER_TEXT:
        return text_from_json(json, &AT(char *, object, member));
    case MEMBER_FLAG:
        AT(gboolean, object, member) = json_is_true(json);
        return json_is_boolean(json);
    case MEMBER_INSTANT:
    case MEMBER_INTEGER:
        AT(gint64, object, member) = json_integer_value(json);
        return json_is_integer(json);
    case MEMBER_PARTY:
        return party_member_from_json(json, &AT(Party *, object, member));
    case MEMBER_PARTIES:
        return parties_from_json(json, AT(GPtrArray *, object, member));
    case MEMBER_TEXTS:
        return texts_from_json(json, &AT(char **, object, member));
    }
    return FALSE;
}

static gboolean members_from_json(const json_t *json, void *object, const Member *members,
                                  GError **error) {
    if (!json_is_object(json))
        return fail("object", error);
    for (; members->name != NULL; members++) {
        const json_t *value = json_object_get(json, members->name);
        if (value != NULL && !member_from_json(value, object, members))
            return fail(members->name, error);
    }
    return TRUE;
}

static gboolean attachments_from_json(const json_t *json, GPtrArray *attachments, GError **error) {
    for (gsize at = 0; at < json_array_size(json); at++) {
        g_autoptr(Attachment) attachment = g_new0(Attachment, 1);
        if (!members_from_json(json_array_get(json, at), attachment, attachment_members, error))
            return FALSE;
        if (attachment->type == NULL)
            return fail("type", error);
        g_ptr_array_add(attachments, g_steal_pointer(&attachment));
    }
    return TRUE;
}

static gboolean reports_from_json(const json_t *json, GPtrArray *reports, GError **error) {
    for (gsize at = 0; at < json_array_size(json); at++) {
        MailReport *report = g_new0(MailReport, 1);
        g_ptr_array_add(reports, report);
        if (!members_from_json(json_array_get(json, at), report, report_members, error))
            return FALSE;
        if (report->recipient == NULL || report->action == NULL)
            return fail("reports", error);
    }
    return TRUE;
}

static gboolean authentication_from_json(const json_t *json, GPtrArray *values, GError **error) {
    for (gsize at = 0; at < json_array_size(json); at++) {
        const char *value = json_string_value(json_array_get(json, at));
        if (value == NULL)
            return fail("authentication", error);
        g_ptr_array_add(values, g_strdup(value));
    }
    return TRUE;
}

static Mail *mail_from_json(const json_t *json, GError **error) {
    g_autoptr(Mail) mail = mail_new();
    const char *class = json_string_value(json_object_get(json, "class"));
    if (class == NULL || !mail_class_parse(class, &mail->class)) {
        fail("class", error);
        return NULL;
    }
    if (!members_from_json(json, mail, mail_members, error) ||
        !reports_from_json(json_object_get(json, "reports"), mail->reports, error) ||
        !authentication_from_json(json_object_get(json, "authentication"), mail->authentication,
                                  error))
        return NULL;
    return g_steal_pointer(&mail);
}

Incoming *incoming_from_json(const json_t *json, GError **error) {
    IncomingType type;
    const char *name = json_string_value(json_object_get(json, "type"));
    if (name == NULL || !incoming_type_parse(name, &type)) {
        fail("type", error);
        return NULL;
    }
    g_autoptr(Incoming) incoming = incoming_new(type);
    if (!members_from_json(json, incoming, incoming_members, error) ||
        !attachments_from_json(json_object_get(json, "attachments"), incoming->attachments, error))
        return NULL;
    const json_t *mail = json_object_get(json, "mail");
    if (mail != NULL && (incoming->mail = mail_from_json(mail, error)) == NULL)
        return NULL;
    const json_t *extra = json_object_get(json, "extra");
    incoming->extra = extra != NULL ? json_deep_copy(extra) : NULL;
    return g_steal_pointer(&incoming);
}
