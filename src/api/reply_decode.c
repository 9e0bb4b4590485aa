#include "api/reply_decode.h"

#include <string.h>

#include "api/field.h"
#include "base/error.h"

#define RECIPIENTS_MAX 100
#define ATTACHMENTS_MAX 100

// The members as jansson unpacks them; borrowed from the call.
typedef struct {
    const char *text, *html, *subject, *status, *client_key;
    json_t *channel_id, *agent_id, *quoted_message_id, *seen, *draft, *send_at;
    json_t *to, *cc, *bcc, *attachments;
    int quote;
    int undo_seconds;
    int cancel_on_reply;
    int reply_all;
} Body;

static gboolean refuse(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

static gboolean add_party(const char *list, const json_t *item, GPtrArray *parties,
                          GError **error) {
    const char *address = json_string_value(item), *name = NULL;
    if (json_is_object(item)) {
        address = json_string_value(json_object_get(item, "address"));
        name = json_string_value(json_object_get(item, "name"));
    }
    if (address == NULL)
        return refuse(error, list, "must be a list of addresses, or of {address, name}");
    g_ptr_array_add(parties, party_new(address, name));
    return TRUE;
}

static gboolean read_parties(const char *name, const json_t *list, GPtrArray *parties,
                             GError **error) {
    size_t at;
    const json_t *item;
    if (list == NULL)
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > RECIPIENTS_MAX)
        return refuse(error, name, "must be a list of at most 100 addresses");
    json_array_foreach(list, at, item) {
        if (!add_party(name, item, parties, error))
            return FALSE;
    }
    return TRUE;
}

// "text/plain" and the like: nothing that could be more than a type.
static gboolean type_is_plain(const char *type) {
    for (const char *at = type; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("/.+-_", *at) == NULL)
            return FALSE;
    return strchr(type, '/') != NULL && strlen(type) <= 100;
}

static gboolean add_attachment(const json_t *item, GPtrArray *attachments, GError **error) {
    const char *name = json_string_value(json_object_get(item, "name"));
    const char *type = json_string_value(json_object_get(item, "type"));
    const char *content = json_string_value(json_object_get(item, "content"));
    const char *content_id = json_string_value(json_object_get(item, "content_id"));
    gsize length = 0;
    if (name == NULL || content == NULL || (type != NULL && !type_is_plain(type)))
        return refuse(error, "attachments",
                      "must be a list of {name, type, content, content_id}, content in base64");
    guchar *bytes = g_base64_decode(content, &length);
    if (length == 0 && *content != '\0') {
        g_free(bytes);
        return refuse(error, "attachments", "bears content that is no base64");
    }
    g_autofree char *clean = attachment_name_clean(name);
    Attachment *attachment =
        attachment_new(clean, type != NULL ? type : "application/octet-stream");
    attachment->bytes = g_bytes_new_take(bytes, length);
    attachment->size = (gint64)length;
    attachment->content_id = g_strdup(content_id);
    attachment->is_inline = content_id != NULL;
    g_ptr_array_add(attachments, attachment);
    return TRUE;
}

// {"upload": id}: the bytes were brought before.
static gboolean add_upload(const json_t *item, GArray *uploads, GError **error) {
    Id id = 0;
    if (json_object_size(item) != 1)
        return refuse(error, "attachments", "with an upload bears nothing beside it");
    if (!field_read_id("upload", json_object_get(item, "upload"), FALSE, &id, error))
        return FALSE;
    g_array_append_val(uploads, id);
    return TRUE;
}

static gboolean read_attachments(const json_t *list, Reply *reply, GError **error) {
    size_t at;
    const json_t *item;
    if (list == NULL)
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > ATTACHMENTS_MAX)
        return refuse(error, "attachments", "must be a list of at most 100");
    json_array_foreach(list, at, item) {
        gboolean is_upload = json_object_get(item, "upload") != NULL;
        if (!(is_upload ? add_upload(item, reply->uploads, error)
                        : add_attachment(item, reply->attachments, error)))
            return FALSE;
    }
    return TRUE;
}

// Who wrote it: the token's agent; the local administrator may name one.
static gboolean read_agent(const ApiCall *call, const json_t *agent_id, Reply *reply,
                           GError **error) {
    const Principal *principal = api_call_principal(call);
    reply->agent_id = principal->agent_id;
    if (agent_id == NULL)
        return TRUE;
    if (!principal->is_local) {
        error_set(error, ERROR_DENIED, "agent_not_yours",
                  "only the local administrator writes in another agent's name");
        return FALSE;
    }
    return field_read_id("agent_id", agent_id, FALSE, &reply->agent_id, error);
}

static gboolean read_ids(const ApiCall *call, const Body *body, gboolean is_new, Reply *reply,
                         GError **error) {
    if (is_new && body->channel_id == NULL)
        return refuse(error, "channel_id", "is needed to begin a conversation");
    if (!is_new && body->channel_id != NULL)
        return refuse(error, "channel_id", "is the conversation's own: leave it out");
    if (is_new && body->seen != NULL)
        return refuse(error, "seen", "is for replies: leave it out");
    return read_agent(call, body->agent_id, reply, error) &&
           (body->send_at == NULL ||
            field_read_instant("send_at", body->send_at, &reply->send_at, error)) &&
           (body->draft == NULL ||
            field_read_id("draft", body->draft, TRUE, &reply->draft_id, error)) &&
           (body->seen == NULL || field_read_id("seen", body->seen, TRUE, &reply->seen, error)) &&
           (body->channel_id == NULL ||
            field_read_id("channel_id", body->channel_id, FALSE, &reply->channel_id, error)) &&
           (body->quoted_message_id == NULL ||
            field_read_id("quoted_message_id", body->quoted_message_id, TRUE,
                          &reply->quoted_message_id, error));
}

static Reply *body_to_reply(const ApiCall *call, const Body *body, gboolean is_new,
                            GError **error) {
    g_autoptr(Reply) reply = reply_new();
    reply->text = g_strdup(body->text);
    reply->html = g_strdup(body->html);
    reply->subject = g_strdup(body->subject);
    reply->status = g_strdup(body->status);
    reply->client_key = g_strdup(body->client_key);
    reply->omits_quote = !body->quote;
    reply->to_all = body->reply_all;
    reply->cancel_on_reply = body->cancel_on_reply;
    reply->undo_ms = (gint64)body->undo_seconds * 1000;
    if (!read_ids(call, body, is_new, reply, error) ||
        !read_parties("to", body->to, reply->to, error) ||
        !read_parties("cc", body->cc, reply->cc, error) ||
        !read_parties("bcc", body->bcc, reply->bcc, error) ||
        !read_attachments(body->attachments, reply, error))
        return NULL;
    return g_steal_pointer(&reply);
}

Reply *reply_decode(ApiCall *call, gboolean is_new, GError **error) {
    Body body = {.quote = 1};
    if (!api_call_unpack(call, error,
                         "{s?s, s?s, s?s, s?s, s?s, s?o, s?o, s?o, s?o, s?o, s?o, s?o, s?b, s?i, "
                         "s?o, s?o, s?o, s?b, s?b}",
                         "text", &body.text, "html", &body.html, "subject", &body.subject, "status",
                         &body.status, "client_key", &body.client_key, "channel_id",
                         &body.channel_id, "agent_id", &body.agent_id, "quoted_message_id",
                         &body.quoted_message_id, "to", &body.to, "cc", &body.cc, "bcc", &body.bcc,
                         "attachments", &body.attachments, "quote", &body.quote, "undo_seconds",
                         &body.undo_seconds, "seen", &body.seen, "draft", &body.draft, "send_at",
                         &body.send_at, "cancel_on_reply", &body.cancel_on_reply, "reply_all",
                         &body.reply_all))
        return NULL;
    return body_to_reply(call, &body, is_new, error);
}
