// Chatwoot's application API: conversations with their meta, messages, contacts, inboxes, agents,
// labels (developers.chatwoot.com, "Application APIs").
#include <string.h>

#include "foreign/record.h"

static const RecordWord statuses[] = {
    {"open", "open"},         {"pending", "pending"}, {"snoozed", "snoozed"},
    {"resolved", "resolved"}, {NULL, NULL},
};
static const RecordWord directions[] = {
    {"0", "in"},         {"1", "out"},        {"3", "out"}, {"incoming", "in"},
    {"outgoing", "out"}, {"template", "out"}, {NULL, NULL},
};

static json_t *state_of(const json_t *object) {
    json_t *state = json_object();
    const char *status = record_word(statuses, record_text(object, "status"));
    record_set(state, "status", status != NULL ? status : "open");
    const json_t *at = record_get(object, "last_activity_at");
    record_set_instant(state, "at", at != NULL ? at : record_get(object, "timestamp"));
    record_set_instant(state, "snoozed_until", record_get(object, "snoozed_until"));
    record_set_priority(state, record_text(object, "priority"));
    record_set(state, "assignee", record_text(object, "meta.assignee.email"));
    record_set(state, "team", record_text(object, "meta.team.name"));
    json_object_set(state, "tags", json_object_get(object, "labels"));
    return state;
}

static json_t *customer_of(const json_t *sender) {
    g_autofree char *id = record_id(sender, "id");
    const char *name = record_text(sender, "name");
    return record_person(id, record_text(sender, "email"),
                         name != NULL ? name : record_text(sender, "phone_number"));
}

static void read_conversation(ForeignReading *reading, const json_t *object) {
    g_autofree char *id = record_id(object, "id");
    if (id == NULL)
        return;
    json_t *conversation = json_object();
    record_set(conversation, "id", id);
    record_set(conversation, "subject", record_text(object, "additional_attributes.mail_subject"));
    json_object_set_new(conversation, "customer", customer_of(record_get(object, "meta.sender")));
    json_object_set_new(conversation, "state", state_of(object));
    record_learn(reading, "conversation", id, conversation);
}

static char *file_name(const json_t *attachment) {
    const char *url = record_text(attachment, "data_url");
    if (url == NULL)
        return NULL;
    g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
    const char *slash = strrchr(path, '/');
    return g_uri_unescape_string(slash != NULL ? slash + 1 : path, NULL);
}

static json_t *attachments_of(const json_t *object) {
    static const RecordWord types[] = {
        {"image", "image/*"}, {"audio", "audio/*"}, {"video", "video/*"}, {NULL, NULL}};
    size_t at;
    const json_t *item;
    json_t *list = json_array();
    json_array_foreach(json_object_get(object, "attachments"), at, item) {
        g_autofree char *id = record_id(item, "id");
        g_autofree char *name = file_name(item);
        const char *type = record_word(types, record_text(item, "file_type"));
        if (id != NULL && name != NULL)
            json_array_append_new(list, record_attachment(name, type, id, FALSE));
    }
    return list;
}

static void add_mail(json_t *message, const json_t *object) {
    const json_t *mail = record_get(object, "content_attributes.email");
    const char *id = record_text(mail, "message_id");
    const char *html = record_text(mail, "html_content.full");
    const char *text = record_text(mail, "text_content.full");
    if (id == NULL)
        id = record_text(object, "source_id");
    record_set(message, "message_id", id);
    record_set(message, "subject", record_text(mail, "subject"));
    const char *in_reply_to = record_text(mail, "in_reply_to");
    json_object_set_new(message, "in_reply_to", record_message_ids(in_reply_to));
    json_object_set_new(message, "to", record_party_list(record_get(mail, "to")));
    json_object_set_new(message, "cc", record_party_list(record_get(mail, "cc")));
    record_set(message, "html", html);
    record_set(message, "text", text != NULL ? text : record_text(object, "content"));
}

static void read_message(ForeignReading *reading, const json_t *object) {
    g_autofree char *id = record_id(object, "id");
    g_autofree char *conversation = record_id(object, "conversation_id");
    g_autofree char *type = record_id(object, "message_type");
    const char *direction = record_word(directions, type);
    if (id == NULL || conversation == NULL)
        return;
    if (direction == NULL) {
        record_skip(reading, "activities");
        return;
    }
    gboolean is_private = record_is_true(object, "private");
    const char *sender = record_text(object, "sender.type");
    json_t *message = json_object();
    record_set(message, "id", id);
    record_set(message, "direction", is_private ? "note" : direction);
    record_set_instant(message, "occurred_at", record_get(object, "created_at"));
    json_object_set_new(message, "author", customer_of(record_get(object, "sender")));
    if (g_strcmp0(type, "3") == 0 || g_strcmp0(type, "template") == 0 ||
        g_strcmp0(sender, "agent_bot") == 0)
        json_object_set_new(message, "is_automatic", json_true());
    add_mail(message, object);
    json_object_set_new(message, "attachments", attachments_of(object));
    reading->found(reading->data, conversation, message);
}

static const ForeignShape shapes[] = {
    {FOREIGN_CONVERSATIONS, "inbox_id meta status", read_conversation},
    {FOREIGN_MESSAGES, "message_type conversation_id created_at", read_message},
    {0},
};

const ForeignSource foreign_chatwoot = {
    .name = "chatwoot", .title = "Chatwoot", .shapes = shapes, .conversation = NULL};
