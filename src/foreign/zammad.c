// Zammad's REST API: tickets, ticket_articles, users, groups, organizations, tags; plain arrays,
// with ?expand=true, or the assets of ?all=true (docs.zammad.org, "Ticket", "Articles", "Users").
#include <string.h>

#include "foreign/record.h"

static const RecordWord statuses[] = {
    {"new", "open"},
    {"open", "open"},
    {"pending reminder", "snoozed"},
    {"closed", "resolved"},
    {"merged", "resolved"},
    {"removed", "resolved"},
    {"pending close", "pending"},
    {NULL, NULL},
};
// What a new Zammad comes with, for files that name numbers only.
static const RecordWord state_numbers[] = {
    {"1", "new"},    {"2", "open"},    {"3", "pending reminder"}, {"4", "closed"},
    {"5", "merged"}, {"6", "removed"}, {"7", "pending close"},    {NULL, NULL},
};
static const RecordWord sender_numbers[] = {
    {"1", "Agent"}, {"2", "Customer"}, {"3", "System"}, {NULL, NULL}};
static const RecordWord priority_words[] = {
    {"1 low", "low"}, {"2 normal", "normal"}, {"3 high", "high"}, {"1", "low"},
    {"2", "normal"},  {"3", "high"},          {NULL, NULL},
};

static void read_user(ForeignReading *reading, const json_t *user) {
    g_autofree char *id = record_id(user, "id");
    g_autofree char *name =
        record_full_name(record_text(user, "firstname"), record_text(user, "lastname"));
    const char *address = record_text(user, "email");
    if (id != NULL)
        record_learn(reading, "user", id, record_person(id, address, name));
    if (address == NULL)
        record_skip(reading, "users without an address");
}

static void read_named(ForeignReading *reading, const json_t *object, const char *kind) {
    g_autofree char *id = record_id(object, "id");
    const char *name = record_text(object, "name");
    if (id != NULL && name != NULL)
        record_learn(reading, kind, id, json_string(name));
}

static void read_group(ForeignReading *reading, const json_t *group) {
    read_named(reading, group, "group");
}

static void read_state(ForeignReading *reading, const json_t *state) {
    read_named(reading, state, "state");
}

static void skip_organization(ForeignReading *reading, const json_t *organization) {
    (void)organization;
    record_skip(reading, "organizations");
}

// The word that ?expand=true gives, or that of the number.
static const char *word_of(const ForeignReading *reading, const json_t *object, const char *name,
                           const RecordWord *numbers) {
    g_autofree char *member = g_strconcat(name, "_id", NULL);
    g_autofree char *id = record_id(object, member);
    const char *word = record_text(object, name);
    if (word == NULL)
        word = json_string_value(record_known(reading, name, id));
    return word == NULL && numbers != NULL ? record_word(numbers, id) : word;
}

static json_t *person_of(const ForeignReading *reading, const json_t *object, const char *name) {
    g_autofree char *member = g_strconcat(name, "_id", NULL);
    g_autofree char *id = record_id(object, member);
    json_t *known = record_known(reading, "user", id);
    const char *expanded = record_text(object, name);
    if (known != NULL)
        return json_incref(known);
    return record_person(id, expanded != NULL && strchr(expanded, '@') != NULL ? expanded : NULL,
                         NULL);
}

static json_t *state_of(const ForeignReading *reading, const json_t *ticket) {
    json_t *state = json_object();
    const char *status = record_word(statuses, word_of(reading, ticket, "state", state_numbers));
    const json_t *at = record_get(ticket, "close_at");
    gboolean is_closed = g_strcmp0(status, "resolved") == 0 && json_is_string(at);
    record_set(state, "status", status != NULL ? status : "open");
    record_set_instant(state, "at", is_closed ? at : record_get(ticket, "updated_at"));
    record_set_instant(state, "snoozed_until", record_get(ticket, "pending_time"));
    g_autofree char *priority_id = record_id(ticket, "priority_id");
    const char *priority = record_text(ticket, "priority");
    record_set_priority(state,
                        record_word(priority_words, priority != NULL ? priority : priority_id));
    json_t *owner = person_of(reading, ticket, "owner");
    record_set(state, "assignee", record_text(owner, "address"));
    json_decref(owner);
    record_set(state, "team", word_of(reading, ticket, "group", NULL));
    return state;
}

static void read_ticket(ForeignReading *reading, const json_t *ticket) {
    g_autofree char *id = record_id(ticket, "id");
    if (id == NULL)
        return;
    json_t *conversation = json_object();
    record_set(conversation, "id", id);
    record_set(conversation, "subject", record_text(ticket, "title"));
    json_object_set_new(conversation, "customer", person_of(reading, ticket, "customer"));
    json_object_set_new(conversation, "state", state_of(reading, ticket));
    record_learn(reading, "conversation", id, conversation);
}

// {"tags": [...]} of the ticket that its file is named after, or that it names.
static void read_tags(ForeignReading *reading, const json_t *object) {
    g_autofree char *named = record_id(object, "ticket_id");
    const json_t *tags = json_object_get(object, "tags");
    const char *id = named != NULL ? named : reading->number;
    if (json_is_array(tags) && id != NULL)
        record_learn(reading, "tags", id, json_deep_copy(tags));
}

static const char *direction_of(const ForeignReading *reading, const json_t *article) {
    const char *sender = word_of(reading, article, "sender", sender_numbers);
    const char *type = word_of(reading, article, "type", NULL);
    if (record_is_true(article, "internal"))
        return "note";
    if (g_strcmp0(sender, "Customer") == 0)
        return "in";
    return g_strcmp0(type, "note") == 0 ? "note" : "out";
}

static json_t *author_of(const ForeignReading *reading, const json_t *article,
                         const char *direction) {
    gboolean is_ours = strcmp(direction, "in") != 0;
    json_t *writer = person_of(reading, article, is_ours ? "created_by" : "origin_by");
    if (is_ours && record_text(writer, "address") != NULL)
        return writer;
    json_t *parties = record_parties(record_text(article, "from"));
    json_t *first = json_array_get(parties, 0);
    const char *address = record_text(first, "address");
    json_t *author =
        address != NULL && strchr(address, '@') != NULL ? json_incref(first) : json_incref(writer);
    json_decref(parties);
    json_decref(writer);
    return author;
}

static void add_attachments(json_t *message, const json_t *article, const char *ticket,
                            const char *id) {
    size_t at;
    const json_t *item;
    json_t *list = json_array();
    json_array_foreach(json_object_get(article, "attachments"), at, item) {
        g_autofree char *number = record_id(item, "id");
        const json_t *preferences = json_object_get(item, "preferences");
        const char *type = record_text(preferences, "Content-Type");
        if (type == NULL)
            type = record_text(preferences, "Mime-Type");
        // The HTML of the article itself, which its body holds already.
        if (number == NULL || record_is_true(preferences, "content-alternative"))
            continue;
        g_autofree char *path = g_strjoin("/", ticket, id, number, NULL);
        json_t *attachment = record_attachment(record_text(item, "filename"), type, path,
                                               record_text(preferences, "Content-ID") != NULL);
        json_t *content_ids = record_message_ids(record_text(preferences, "Content-ID"));
        record_set(attachment, "content_id", json_string_value(json_array_get(content_ids, 0)));
        json_decref(content_ids);
        json_array_append_new(list, attachment);
    }
    json_object_set_new(message, "attachments", list);
}

static void add_headers(json_t *message, const json_t *article) {
    json_t *ids = record_message_ids(record_text(article, "message_id"));
    record_set(message, "message_id", json_string_value(json_array_get(ids, 0)));
    json_decref(ids);
    json_object_set_new(message, "in_reply_to",
                        record_message_ids(record_text(article, "in_reply_to")));
    json_object_set_new(message, "references",
                        record_message_ids(record_text(article, "references")));
    json_object_set_new(message, "to", record_parties(record_text(article, "to")));
    json_object_set_new(message, "cc", record_parties(record_text(article, "cc")));
}

static void read_article(ForeignReading *reading, const json_t *article) {
    g_autofree char *id = record_id(article, "id");
    g_autofree char *ticket = record_id(article, "ticket_id");
    if (id == NULL || ticket == NULL)
        return;
    const char *direction = direction_of(reading, article);
    const char *type = record_text(article, "content_type");
    gboolean is_html = type != NULL && g_str_has_prefix(type, "text/html");
    json_t *message = json_object();
    record_set(message, "id", id);
    record_set(message, "direction", direction);
    record_set_instant(message, "occurred_at", record_get(article, "created_at"));
    record_set(message, "subject", record_text(article, "subject"));
    record_set(message, is_html ? "html" : "text", record_text(article, "body"));
    json_object_set_new(message, "author", author_of(reading, article, direction));
    if (g_strcmp0(word_of(reading, article, "sender", sender_numbers), "System") == 0)
        json_object_set_new(message, "is_automatic", json_true());
    add_headers(message, article);
    add_attachments(message, article, ticket, id);
    reading->found(reading->data, ticket, message);
}

static const ForeignShape shapes[] = {
    {FOREIGN_PEOPLE, "login firstname lastname", read_user},
    {FOREIGN_PEOPLE, "name state_type_id", read_state},
    {FOREIGN_PEOPLE, "name shared domain", skip_organization},
    {FOREIGN_PEOPLE, "name follow_up_possible", read_group},
    {FOREIGN_PEOPLE, "name email_address_id", read_group},
    {FOREIGN_CONVERSATIONS, "number title customer_id", read_ticket},
    {FOREIGN_CONVERSATIONS, "tags", read_tags},
    {FOREIGN_MESSAGES, "ticket_id body created_at", read_article},
    {0},
};

const ForeignSource foreign_zammad = {
    .name = "zammad", .title = "Zammad", .shapes = shapes, .conversation = NULL};
