#include "control/verbs.h"

#include <string.h>

static const ControlColumn list_columns[] = {
    {"Id", "id"},
    {"Number", "number"},
    {"Status", "status"},
    {"Customer", "customer.name"},
    {"Address", "customer.address"},
    {"Subject", "subject"},
    {"Messages", "message_count"},
    {"Last message", "last_message_at"},
    {"Waiting since", "waiting_since"},
    {0},
};

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Number", "number"},
    {"Subject", "subject"},
    {"Status", "status"},
    {"Snoozed until", "snoozed_until"},
    {"Customer", "customer.id"},
    {"Name", "customer.name"},
    {"Address", "customer.address"},
    {"Channel", "channel_id"},
    {"Assignee", "assignee_id"},
    {"Team", "team_id"},
    {"Priority", "priority"},
    {"Tags", "tags"},
    {"Messages", "message_count"},
    {"Begun", "created_at"},
    {"Last message", "last_message_at"},
    {"Waiting since", "waiting_since"},
    {0},
};

static const ControlColumn message_columns[] = {
    {"Id", "id"},
    {"When", "occurred_at"},
    {"", "direction"},
    {"From", "address"},
    {"State", "state"},
    {"Text", "text"},
    {0},
};

static const ControlOption list_options[] = {
    {"view", "VIEW", "the id of a view: open, mine, unassigned, waiting ... (see view list)"},
    {"q", "SEARCH", "what else must hold: is: from: tag: agent: created: ... (see search)"},
    {"channel", "ID", "only of this channel"},
    {"agent", "ID", "only this agent's"},
    {"team", "ID", "only this team's"},
    {"tag", "NAME", "only with this tag"},
    {"customer", "ID", "only of this customer"},
    {"sort", "ORDER", "newest, oldest, created, created_oldest, waiting, due or priority"},
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {"before", "TEXT", "the page before: prev of the page after"},
    {"at", "DAY", "begin at this day or instant"},
    {0},
};

static const ControlOption change_options[] = {
    {"status", "STATUS", "open, pending, snoozed or resolved"},
    {"until", "INSTANT", "with --status snoozed"},
    {"assignee", "ID", "an agent; \"\" for nobody"},
    {"team", "ID", "a team; \"\" for none"},
    {"subject", "TEXT", "another subject"},
    {"priority", "N", "-1 low, 0 normal, 1 high, 2 urgent"},
    {"tag", "NAME", "add this tag; may be given several times"},
    {"untag", "NAME", "take this tag away"},
    {"field", "KEY=VALUE", "fill in a custom field; \"KEY=\" empties it"},
    {"no-reply-needed", NULL, "the customer needs no answer"},
    {0},
};

static gboolean list_conversations(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/conversations", list_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, list_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean show_messages(Control *control, const char *id, GError **error) {
    g_autofree char *path = control_path("/api/v1/conversations/%s/messages?limit=200", id);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL) {
        control_say(control, "%s", "");
        control_print_list(control, json, message_columns);
    }
    json_decref(json);
    return json != NULL;
}

static gboolean show_conversation(Control *control, GError **error) {
    const char *id = control_argument(control, 0);
    g_autofree char *path = control_path("/api/v1/conversations/%s", id);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_record(control, json, columns);
    gboolean shown = json != NULL;
    json_decref(json);
    return shown && (control_is_json(control) || show_messages(control, id, error));
}

static gboolean list_messages(Control *control, GError **error) {
    return show_messages(control, control_argument(control, 0), error);
}

static json_t *id_or_null(const char *text) {
    return *text != '\0' ? json_string(text) : json_null();
}

static void set_tags(Control *control, json_t *body, const char *option, const char *member) {
    const char *const *names = control_options(control, option);
    if (names[0] == NULL)
        return;
    json_t *list = json_array();
    for (; *names != NULL; names++)
        json_array_append_new(list, json_string(*names));
    json_object_set_new(body, member, list);
}

// "order=4711": a text fits every kind of field.
static void set_fields(Control *control, json_t *body) {
    const char *const *pairs = control_options(control, "field");
    json_t *fields = json_object();
    for (; *pairs != NULL; pairs++) {
        const char *is = strchr(*pairs, '=');
        g_autofree char *key = is != NULL ? g_strndup(*pairs, (gsize)(is - *pairs)) : NULL;
        if (key != NULL)
            json_object_set_new(fields, key, id_or_null(is + 1));
        else
            json_object_set_new(fields, *pairs, json_null());
    }
    if (json_object_size(fields) > 0)
        json_object_set(body, "fields", fields);
    json_decref(fields);
}

static json_t *change_body(Control *control) {
    json_t *body = json_object();
    const char *status = control_option(control, "status");
    const char *until = control_option(control, "until");
    const char *assignee = control_option(control, "assignee");
    const char *team = control_option(control, "team");
    const char *subject = control_option(control, "subject");
    const char *priority = control_option(control, "priority");
    if (status != NULL)
        json_object_set_new(body, "status", json_string(status));
    if (until != NULL)
        json_object_set_new(body, "snoozed_until", json_string(until));
    if (assignee != NULL)
        json_object_set_new(body, "assignee_id", id_or_null(assignee));
    if (team != NULL)
        json_object_set_new(body, "team_id", id_or_null(team));
    if (subject != NULL)
        json_object_set_new(body, "subject", json_string(subject));
    if (priority != NULL)
        json_object_set_new(body, "priority", json_integer(g_ascii_strtoll(priority, NULL, 10)));
    if (control_flag(control, "no-reply-needed"))
        json_object_set_new(body, "no_reply_needed", json_true());
    set_tags(control, body, "tag", "add_tags");
    set_tags(control, body, "untag", "remove_tags");
    set_fields(control, body);
    return body;
}

static gboolean print_answer(Control *control, const char *method, const char *path, json_t *body,
                             GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean change_conversation(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/conversations/%s", control_argument(control, 0));
    return print_answer(control, "PATCH", path, change_body(control), error);
}

static gboolean merge(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/merge", control_argument(control, 0));
    return print_answer(control, "POST", path,
                        json_pack("{s:s}", "from", control_argument(control, 1)), error);
}

static gboolean unmerge(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/unmerge", control_argument(control, 0));
    return print_answer(control, "POST", path,
                        json_pack("{s:s}", "from", control_argument(control, 0)), error);
}

static gboolean split(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/split", control_argument(control, 0));
    json_t *messages = json_array();
    for (guint at = 1; control_argument(control, at) != NULL; at++)
        json_array_append_new(messages, json_string(control_argument(control, at)));
    return print_answer(control, "POST", path, json_pack("{s:o}", "messages", messages), error);
}

const ControlVerb control_conversation_verbs[] = {
    {.verb = "conversation",
     .action = "list",
     .arguments = "",
     .summary = "Show a view: open ones, newest first, unless said otherwise",
     .options = list_options,
     .run = list_conversations},
    {.verb = "conversation",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one with its messages",
     .run = show_conversation},
    {.verb = "conversation",
     .action = "messages",
     .arguments = "ID",
     .summary = "Show its last 200 messages",
     .run = list_messages},
    {.verb = "conversation",
     .action = "change",
     .arguments = "ID",
     .summary = "Change status, people, subject, priority or tags",
     .options = change_options,
     .run = change_conversation},
    {.verb = "conversation",
     .action = "merge",
     .arguments = "ID FROM",
     .summary = "Let FROM be part of ID",
     .run = merge},
    {.verb = "conversation",
     .action = "unmerge",
     .arguments = "ID",
     .summary = "Undo that: ID stands for itself again",
     .run = unmerge},
    {.verb = "conversation",
     .action = "split",
     .arguments = "ID MESSAGE...",
     .summary = "Move messages into a new conversation",
     .run = split},
    {0},
};
