// Zendesk's API and account export: tickets (incremental, or one a line), comments beside or within
// them, users, groups, organizations (developer.zendesk.com, "Ticketing").
#include <string.h>

#include "foreign/record.h"

static const RecordWord statuses[] = {
    {"new", "open"},        {"open", "open"},       {"pending", "pending"}, {"hold", "pending"},
    {"solved", "resolved"}, {"closed", "resolved"}, {NULL, NULL},
};

static void read_user(ForeignReading *reading, const json_t *user) {
    g_autofree char *id = record_id(user, "id");
    if (id == NULL)
        return;
    json_t *person = record_person(id, record_text(user, "email"), record_text(user, "name"));
    record_set(person, "role", record_text(user, "role"));
    record_learn(reading, "user", id, person);
}

static void read_group(ForeignReading *reading, const json_t *group) {
    g_autofree char *id = record_id(group, "id");
    const char *name = record_text(group, "name");
    if (id != NULL && name != NULL)
        record_learn(reading, "group", id, json_string(name));
}

static void skip_organization(ForeignReading *reading, const json_t *organization) {
    (void)organization;
    record_skip(reading, "organizations");
}

static json_t *known_person(const ForeignReading *reading, const json_t *object,
                            const char *member) {
    g_autofree char *id = record_id(object, member);
    json_t *known = record_known(reading, "user", id);
    return known != NULL ? json_incref(known) : record_person(id, NULL, NULL);
}

static json_t *state_of(const ForeignReading *reading, const json_t *ticket) {
    json_t *state = json_object();
    const char *status = record_word(statuses, record_text(ticket, "status"));
    g_autofree char *group = record_id(ticket, "group_id");
    const char *team = json_string_value(record_known(reading, "group", group));
    json_t *assignee = known_person(reading, ticket, "assignee_id");
    record_set(state, "status", status != NULL ? status : "open");
    record_set_instant(state, "at", record_get(ticket, "updated_at"));
    record_set_priority(state, record_text(ticket, "priority"));
    record_set(state, "assignee", record_text(assignee, "address"));
    record_set(state, "team", team != NULL ? team : record_text(ticket, "group.name"));
    json_object_set(state, "tags", json_object_get(ticket, "tags"));
    json_decref(assignee);
    return state;
}

static void read_ticket(ForeignReading *reading, const json_t *ticket) {
    g_autofree char *id = record_id(ticket, "id");
    if (id == NULL)
        return;
    if (g_strcmp0(record_text(ticket, "status"), "deleted") == 0) {
        record_skip(reading, "deleted tickets");
        return;
    }
    json_t *conversation = json_object();
    record_set(conversation, "id", id);
    record_set(conversation, "subject", record_text(ticket, "subject"));
    json_object_set_new(conversation, "customer", known_person(reading, ticket, "requester_id"));
    json_object_set_new(conversation, "state", state_of(reading, ticket));
    record_learn(reading, "conversation", id, conversation);
}

static json_t *attachments_of(const json_t *comment) {
    size_t at;
    const json_t *item;
    json_t *list = json_array();
    json_array_foreach(json_object_get(comment, "attachments"), at, item) {
        g_autofree char *id = record_id(item, "id");
        if (id != NULL)
            json_array_append_new(list, record_attachment(record_text(item, "file_name"),
                                                          record_text(item, "content_type"), id,
                                                          record_is_true(item, "inline")));
    }
    return list;
}

// Without the list of users, whoever is not the requester is one of us.
static gboolean is_customer(const ForeignReading *reading, const char *ticket,
                            const json_t *author) {
    const char *role = record_text(author, "role");
    json_t *conversation = record_known(reading, "conversation", ticket);
    const char *requester = record_text(conversation, "customer.id");
    return role != NULL ? strcmp(role, "end-user") == 0
                        : g_strcmp0(requester, record_text(author, "id")) == 0;
}

static void read_comment(ForeignReading *reading, const json_t *comment) {
    g_autofree char *id = record_id(comment, "id");
    g_autofree char *named = record_id(comment, "ticket_id");
    const char *ticket = named != NULL             ? named
                         : reading->within != NULL ? reading->within
                                                   : reading->number;
    if (id == NULL || ticket == NULL)
        return;
    json_t *author = known_person(reading, comment, "author_id");
    gboolean is_in = is_customer(reading, ticket, author);
    const char *text = record_text(comment, "plain_body");
    json_t *message = json_object();
    record_set(message, "id", id);
    record_set(message, "direction",
               json_is_false(json_object_get(comment, "public")) ? "note"
               : is_in                                           ? "in"
                                                                 : "out");
    record_set_instant(message, "occurred_at", record_get(comment, "created_at"));
    record_set(message, "html", record_text(comment, "html_body"));
    record_set(message, "text", text != NULL ? text : record_text(comment, "body"));
    json_object_set_new(message, "author", author);
    json_object_set_new(message, "attachments", attachments_of(comment));
    reading->found(reading->data, ticket, message);
}

#define TICKET "requester_id subject status"

static const ForeignShape shapes[] = {
    {FOREIGN_PEOPLE, "role email name", read_user},
    {FOREIGN_PEOPLE, "domain_names name", skip_organization},
    {FOREIGN_PEOPLE, "name is_public", read_group},
    {FOREIGN_CONVERSATIONS, TICKET, read_ticket},
    {FOREIGN_MESSAGES, "author_id body created_at", read_comment},
    {0},
};

const ForeignSource foreign_zendesk = {
    .name = "zendesk", .title = "Zendesk", .shapes = shapes, .conversation = TICKET};
