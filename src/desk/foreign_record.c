#include "desk/foreign_record.h"

#include <string.h>

#include "base/error.h"

#define ID_BYTES_MAX 200
#define MESSAGES_MAX 5000
#define PARTIES_MAX 1000
#define REFERENCES_MAX 100
#define TEXT_BYTES_MAX ((gsize)4 << 20)
#define TAGS_MAX 100
#define ATTACHMENTS_MAX 200

void foreign_problem_add(json_t *problems, const char *conversation, const char *message,
                         const char *detail) {
    json_array_append_new(problems, json_pack("{s:s, s:s?, s:s}", "conversation", conversation,
                                              "message", message, "detail", detail));
}

static void message_free(gpointer data) {
    ForeignMessage *message = data;
    g_free(message->id);
    g_clear_pointer(&message->incoming, incoming_free);
    g_free(message);
}

void foreign_conversation_free(ForeignConversation *conversation) {
    if (conversation == NULL)
        return;
    g_free(conversation->id);
    g_ptr_array_unref(conversation->messages);
    g_free(conversation->status);
    g_free(conversation->assignee);
    g_free(conversation->team);
    g_strfreev(conversation->tags);
    g_free(conversation);
}

static const char *text_of(const json_t *json, const char *name) {
    return json_string_value(json_object_get(json, name));
}

static gboolean wrong(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "record_invalid", "%s", what);
    return FALSE;
}

static gboolean is_id(const char *id) {
    return id != NULL && *id != '\0' && strlen(id) <= ID_BYTES_MAX;
}

// One line, cut where it is too long to be meant.
static char *line_of(const char *text, gsize high) {
    g_autofree char *line = g_utf8_make_valid(text != NULL ? text : "", -1);
    for (char *at = line; *at != '\0'; at++)
        if ((guchar)*at < ' ' || *at == 0x7f)
            *at = ' ';
    if (strlen(line) > high)
        *g_utf8_find_prev_char(line, line + high + 1) = '\0';
    return g_strdup(g_strstrip(line));
}

static Party *party_of(const json_t *json) {
    g_autofree char *address = line_of(text_of(json, "address"), 254);
    g_autofree char *name = line_of(text_of(json, "name"), 500);
    return party_new(address, *name != '\0' ? name : NULL);
}

static void read_parties(const json_t *list, GPtrArray *parties) {
    size_t at;
    const json_t *item;
    json_array_foreach(list, at, item) {
        if (at < PARTIES_MAX && is_id(text_of(item, "address")))
            g_ptr_array_add(parties, party_of(item));
    }
}

static char **read_ids(const json_t *list) {
    GPtrArray *ids = g_ptr_array_new();
    size_t at;
    const json_t *item;
    json_array_foreach(list, at, item) {
        const char *id = json_string_value(item);
        if (ids->len < REFERENCES_MAX && id != NULL && *id != '\0' && strlen(id) < 1000)
            g_ptr_array_add(ids, line_of(id, 998));
    }
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_free(ids, FALSE);
}

static Attachment *attachment_of(const json_t *json) {
    const char *bytes = text_of(json, "bytes");
    const char *type = text_of(json, "type");
    if (bytes == NULL)
        return NULL;
    gsize length = 0;
    guchar *data = g_base64_decode(bytes, &length);
    g_autofree char *name = attachment_name_clean(text_of(json, "name"));
    g_autofree char *low = g_ascii_strdown(type != NULL ? type : "application/octet-stream", -1);
    g_autofree char *line = line_of(low, 200);
    Attachment *attachment = attachment_new(name, line);
    attachment->bytes = g_bytes_new_take(data, length);
    attachment->size = (gint64)length;
    attachment->content_id = g_strdup(text_of(json, "content_id"));
    attachment->is_inline = json_is_true(json_object_get(json, "is_inline"));
    return attachment;
}

static void read_attachments(const json_t *list, Incoming *incoming) {
    size_t at;
    const json_t *item;
    json_array_foreach(list, at, item) {
        Attachment *attachment = at < ATTACHMENTS_MAX ? attachment_of(item) : NULL;
        if (attachment != NULL)
            g_ptr_array_add(incoming->attachments, attachment);
    }
}

// What the source has no Message-ID for gets one that says where it came from.
static char *message_id_of(const json_t *json, const ForeignPlace *place, const char *id) {
    const char *given = text_of(json, "message_id");
    if (given != NULL && strchr(given, '@') != NULL)
        return line_of(given, 998);
    g_autofree char *local = g_strdup_printf("%s.%s", place->source, id);
    g_strcanon(local, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_", '-');
    return g_strconcat(local, "@import.invalid", NULL);
}

static Mail *mail_of(const json_t *json, const json_t *conversation, const ForeignPlace *place,
                     const Incoming *incoming, const char *id) {
    Mail *mail = mail_new();
    mail->message_id = message_id_of(json, place, id);
    g_strfreev(mail->in_reply_to);
    mail->in_reply_to = read_ids(json_object_get(json, "in_reply_to"));
    g_strfreev(mail->references);
    mail->references = read_ids(json_object_get(json, "references"));
    read_parties(json_object_get(json, "to"), mail->to);
    read_parties(json_object_get(json, "cc"), mail->cc);
    if (mail->to->len == 0 && incoming->is_outbound)
        g_ptr_array_add(mail->to, party_of(json_object_get(conversation, "customer")));
    else if (mail->to->len == 0 && *place->address != '\0')
        g_ptr_array_add(mail->to, party_new(place->address, NULL));
    mail->date = incoming->occurred_at;
    g_free(mail->subject);
    mail->subject = g_strdup(incoming->subject);
    return mail;
}

static gboolean read_content(const json_t *json, const json_t *conversation, Incoming *incoming,
                             GError **error) {
    const char *text = text_of(json, "text"), *html = text_of(json, "html");
    const char *subject = text_of(json, "subject");
    if (subject == NULL)
        subject = text_of(conversation, "subject");
    if ((text != NULL && strlen(text) > TEXT_BYTES_MAX) ||
        (html != NULL && strlen(html) > TEXT_BYTES_MAX))
        return wrong(error, "its text is larger than 4 MiB");
    const char *instant = text_of(json, "occurred_at");
    incoming->occurred_at = instant_parse(instant != NULL ? instant : "", error);
    if (incoming->occurred_at == INSTANT_NONE)
        return FALSE;
    incoming->text = g_strdup(text != NULL ? text : "");
    incoming->html = html != NULL && *html != '\0' ? g_strdup(html) : NULL;
    incoming->subject = line_of(subject, 1000);
    return TRUE;
}

// Of a chat the customer is known by the source's name for the person.
static Party *chat_customer(const json_t *customer, const ForeignPlace *place) {
    const char *id = text_of(customer, "id");
    const char *address = text_of(customer, "address");
    g_autofree char *key = is_id(id) ? g_strconcat(place->source, ";", id, NULL)
                                     : line_of(is_id(address) ? address : "", 254);
    g_autofree char *name = line_of(text_of(customer, "name"), 500);
    return party_new(key, *name != '\0' ? name : NULL);
}

// Who wrote it. A chat's conversation is the customer's, whoever of us answered: that is kept as
// data.
static void read_author(const json_t *json, const json_t *conversation, const ForeignPlace *place,
                        Incoming *incoming) {
    const json_t *customer = json_object_get(conversation, "customer");
    const json_t *author = json_object_get(json, "author");
    g_clear_pointer(&incoming->from, party_free);
    if (place->is_mail && is_id(text_of(author, "address"))) {
        incoming->from = party_of(author);
    } else if (place->is_mail && incoming->is_outbound) {
        g_autofree char *name = line_of(text_of(author, "name"), 500);
        incoming->from = party_new(place->address, *name != '\0' ? name : NULL);
    } else if (place->is_mail) {
        incoming->from = party_of(customer);
    } else {
        incoming->from = chat_customer(customer, place);
        if (incoming->is_outbound && json_is_object(author))
            incoming->extra = json_pack("{s:O}", "author", author);
    }
}

static gboolean has_address(const GPtrArray *parties) {
    for (guint at = 0; at < parties->len; at++)
        if (strchr(((const Party *)parties->pdata[at])->address, '@') != NULL)
            return TRUE;
    return FALSE;
}

static gboolean read_message(const json_t *json, const json_t *conversation,
                             const ForeignPlace *place, ForeignMessage *message, GError **error) {
    const char *direction = text_of(json, "direction");
    static const char *const directions[] = {"in", "out", "note", NULL};
    if (!is_id(text_of(json, "id")))
        return wrong(error, "it has no id of 1 to 200 bytes");
    if (direction == NULL || !g_strv_contains(directions, direction))
        return wrong(error, "its direction is none of in, out, note");
    Incoming *incoming = message->incoming = incoming_new(INCOMING_MESSAGE);
    message->id = g_strdup(text_of(json, "id"));
    message->is_note = strcmp(direction, "note") == 0;
    incoming->is_outbound = strcmp(direction, "in") != 0;
    incoming->is_automatic = json_is_true(json_object_get(json, "is_automatic"));
    if (!read_content(json, conversation, incoming, error))
        return FALSE;
    if (message->is_note) {
        g_clear_pointer(&incoming->from, party_free);
        incoming->from = party_of(json_object_get(json, "author"));
        return TRUE;
    }
    read_author(json, conversation, place, incoming);
    read_attachments(json_object_get(json, "attachments"), incoming);
    const char *address = incoming->from->address;
    if (!incoming->is_outbound && (place->is_mail ? strchr(address, '@') == NULL : !is_id(address)))
        return wrong(error, "its writer has no address in this channel");
    if (place->is_mail)
        incoming->mail = mail_of(json, conversation, place, incoming, message->id);
    return !place->is_mail || !incoming->is_outbound || has_address(incoming->mail->to) ||
           wrong(error, "its customer has no address in this channel");
}

static void name_chat(Incoming *incoming, const ForeignPlace *place, const char *conversation,
                      const char *message) {
    g_free(incoming->thread_key);
    incoming->thread_key = g_strconcat(place->source, ";", conversation, NULL);
    g_free(incoming->message_key);
    incoming->message_key = g_strconcat(place->source, ";", message, NULL);
}

static gint compare_instants(gconstpointer a, gconstpointer b) {
    const ForeignMessage *one = *(const ForeignMessage *const *)a;
    const ForeignMessage *other = *(const ForeignMessage *const *)b;
    Instant first = one->incoming->occurred_at, second = other->incoming->occurred_at;
    if (first != second)
        return first < second ? -1 : 1;
    return one->is_note - other->is_note;
}

static void read_messages(const json_t *json, const ForeignPlace *place,
                          ForeignConversation *conversation, json_t *problems) {
    size_t at;
    const json_t *item;
    json_array_foreach(json_object_get(json, "messages"), at, item) {
        g_autoptr(GError) failure = NULL;
        ForeignMessage *message = g_new0(ForeignMessage, 1);
        gboolean is_read = at < MESSAGES_MAX && read_message(item, json, place, message, &failure);
        if (is_read && !place->is_mail)
            name_chat(message->incoming, place, conversation->id, message->id);
        if (is_read) {
            g_ptr_array_add(conversation->messages, message);
            continue;
        }
        foreign_problem_add(problems, conversation->id, message->id,
                            failure != NULL ? failure->message
                                            : "there are more than 5000 at once");
        message_free(message);
    }
    g_ptr_array_sort(conversation->messages, compare_instants);
}

static gboolean read_state(const json_t *state, ForeignConversation *conversation, GError **error) {
    static const char *const statuses[] = {"open", "pending", "snoozed", "resolved", NULL};
    const char *status = text_of(state, "status");
    const char *at = text_of(state, "at"), *until = text_of(state, "snoozed_until");
    const json_t *priority = json_object_get(state, "priority");
    if (status != NULL && !g_strv_contains(statuses, status))
        return wrong(error, "status is one of open, pending, snoozed, resolved");
    conversation->has_priority = json_is_integer(priority);
    conversation->priority = json_integer_value(priority);
    if (conversation->priority < -1 || conversation->priority > 2)
        return wrong(error, "priority goes from -1 (low) to 2 (urgent)");
    conversation->status = g_strdup(status);
    conversation->at = at != NULL ? instant_parse(at, NULL) : INSTANT_NONE;
    conversation->snoozed_until = until != NULL ? instant_parse(until, NULL) : INSTANT_NONE;
    conversation->assignee = g_strdup(text_of(state, "assignee"));
    conversation->team = g_strdup(text_of(state, "team"));
    return TRUE;
}

// Longer ones are no tags of ours.
static char **read_tags(const json_t *list) {
    GPtrArray *tags = g_ptr_array_new();
    size_t at;
    const json_t *item;
    json_array_foreach(list, at, item) {
        g_autofree char *tag = line_of(json_string_value(item), 100);
        if (at < TAGS_MAX && *tag != '\0')
            g_ptr_array_add(tags, g_steal_pointer(&tag));
    }
    g_ptr_array_add(tags, NULL);
    return (char **)g_ptr_array_free(tags, FALSE);
}

ForeignConversation *foreign_conversation_read(const json_t *json, const ForeignPlace *place,
                                               json_t *problems, GError **error) {
    const json_t *state = json_object_get(json, "state");
    if (!is_id(text_of(json, "id"))) {
        wrong(error, "a conversation needs an id of 1 to 200 bytes");
        return NULL;
    }
    g_autoptr(ForeignConversation) conversation = g_new0(ForeignConversation, 1);
    conversation->id = g_strdup(text_of(json, "id"));
    conversation->messages = g_ptr_array_new_with_free_func(message_free);
    conversation->has_state = json_is_object(state);
    conversation->tags = read_tags(json_object_get(state, "tags"));
    if (conversation->has_state && !read_state(state, conversation, error))
        return NULL;
    read_messages(json, place, conversation, problems);
    return g_steal_pointer(&conversation);
}
