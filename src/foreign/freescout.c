// FreeScout's API: conversations with embedded threads and tags; customers, users and mailboxes are
// named within them (api-docs.freescout.net).
#include <string.h>

#include "foreign/record.h"

static const RecordWord statuses[] = {
    {"active", "open"},     {"open", "open"},     {"pending", "pending"},
    {"closed", "resolved"}, {"spam", "resolved"}, {NULL, NULL},
};
// A phone thread is an agent's record of a call.
static const RecordWord directions[] = {
    {"customer", "in"}, {"message", "out"}, {"note", "note"}, {"phone", "note"}, {NULL, NULL}};

static json_t *person_of(const json_t *object) {
    g_autofree char *id = record_id(object, "id");
    g_autofree char *name =
        record_full_name(record_text(object, "firstName"), record_text(object, "lastName"));
    return record_person(id, record_text(object, "email"), name);
}

static json_t *tags_of(const json_t *object) {
    size_t at;
    const json_t *item;
    json_t *tags = json_array();
    const json_t *list = record_get(object, "_embedded.tags");
    json_array_foreach(list != NULL ? list : json_object_get(object, "tags"), at, item) {
        const char *name = record_text(item, "name");
        if (name != NULL)
            json_array_append_new(tags, json_string(name));
    }
    if (g_strcmp0(record_text(object, "status"), "spam") == 0)
        json_array_append_new(tags, json_string("spam"));
    return tags;
}

static json_t *state_of(const json_t *object) {
    json_t *state = json_object();
    const char *status = record_word(statuses, record_text(object, "status"));
    const json_t *at = record_get(object, "closedAt");
    record_set(state, "status", status != NULL ? status : "open");
    record_set_instant(state, "at", json_is_string(at) ? at : record_get(object, "updatedAt"));
    record_set(state, "assignee", record_text(object, "assignee.email"));
    json_object_set_new(state, "tags", tags_of(object));
    return state;
}

static gboolean is_thrown_away(const json_t *object) {
    const char *state = record_text(object, "state");
    return state != NULL && strcmp(state, "published") != 0;
}

static void read_conversation(ForeignReading *reading, const json_t *object) {
    g_autofree char *id = record_id(object, "id");
    if (id == NULL)
        return;
    if (is_thrown_away(object)) {
        record_skip(reading, "drafts and deleted conversations");
        return;
    }
    json_t *conversation = json_object();
    record_set(conversation, "id", id);
    record_set(conversation, "subject", record_text(object, "subject"));
    json_object_set_new(conversation, "customer", person_of(record_get(object, "customer")));
    json_object_set_new(conversation, "state", state_of(object));
    record_learn(reading, "conversation", id, conversation);
}

static json_t *attachments_of(const json_t *thread) {
    size_t at;
    const json_t *item;
    json_t *list = json_array();
    json_array_foreach(record_get(thread, "_embedded.attachments"), at, item) {
        g_autofree char *id = record_id(item, "id");
        if (id != NULL)
            json_array_append_new(list,
                                  record_attachment(record_text(item, "fileName"),
                                                    record_text(item, "mimeType"), id, FALSE));
    }
    return list;
}

static void read_thread(ForeignReading *reading, const json_t *thread) {
    g_autofree char *id = record_id(thread, "id");
    const char *direction = record_word(directions, record_text(thread, "type"));
    if (id == NULL || reading->within == NULL)
        return;
    if (direction == NULL || is_thrown_away(thread)) {
        record_skip(reading, direction == NULL ? "lines of history" : "drafts");
        return;
    }
    json_t *message = json_object();
    record_set(message, "id", id);
    record_set(message, "direction", direction);
    record_set_instant(message, "occurred_at", record_get(thread, "createdAt"));
    record_set(message, "html", record_text(thread, "body"));
    json_object_set_new(message, "author", person_of(record_get(thread, "createdBy")));
    json_object_set_new(message, "to", record_party_list(record_get(thread, "to")));
    json_object_set_new(message, "cc", record_party_list(record_get(thread, "cc")));
    json_object_set_new(message, "attachments", attachments_of(thread));
    reading->found(reading->data, reading->within, message);
}

#define CONVERSATION "mailboxId subject customer"

static const ForeignShape shapes[] = {
    {FOREIGN_CONVERSATIONS, CONVERSATION, read_conversation},
    {FOREIGN_MESSAGES, "type createdBy createdAt body", read_thread},
    {0},
};

const ForeignSource foreign_freescout = {
    .name = "freescout", .title = "FreeScout", .shapes = shapes, .conversation = CONVERSATION};
