#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"State", "state"},
    {"Search", "query"},
    {"Found", "total"},
    {"Changed", "changed"},
    {"Refused", "failed"},
    {"Undone", "undone"},
    {"Not undone", "skipped"},
    {"Asked", "created_at"},
    {"Ended", "finished_at"},
    {0},
};

static const ControlOption options[] = {
    {"view", "VIEW", "only what is in this view"},
    {"status", "STATUS", "open, pending, snoozed or resolved"},
    {"until", "INSTANT", "with --status snoozed"},
    {"assignee", "ID", "an agent; \"\" for nobody"},
    {"team", "ID", "a team; \"\" for none"},
    {"priority", "N", "-1 low, 0 normal, 1 high, 2 urgent"},
    {"tag", "NAME", "add this tag; may be given several times"},
    {"untag", "NAME", "take this tag away"},
    {0},
};

static void set_text(Control *control, json_t *change, const char *option, const char *member) {
    const char *value = control_option(control, option);
    if (value != NULL)
        json_object_set_new(change, member, *value != '\0' ? json_string(value) : json_null());
}

static void set_list(Control *control, json_t *change, const char *option, const char *member) {
    const char *const *names = control_options(control, option);
    json_t *list = json_array();
    for (; *names != NULL; names++)
        json_array_append_new(list, json_string(*names));
    if (json_array_size(list) > 0)
        json_object_set(change, member, list);
    json_decref(list);
}

static json_t *change_of(Control *control) {
    json_t *change = json_object();
    const char *priority = control_option(control, "priority");
    set_text(control, change, "status", "status");
    set_text(control, change, "until", "snoozed_until");
    set_text(control, change, "assignee", "assignee_id");
    set_text(control, change, "team", "team_id");
    set_list(control, change, "tag", "add_tags");
    set_list(control, change, "untag", "remove_tags");
    if (priority != NULL)
        json_object_set_new(change, "priority", json_integer(g_ascii_strtoll(priority, NULL, 10)));
    return change;
}

static gboolean print(Control *control, json_t *json, GError **error) {
    (void)error;
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean change_all(Control *control, GError **error) {
    json_t *body = json_pack("{s:s, s:o}", "query", control_argument(control, 0), "change",
                             change_of(control));
    const char *view = control_option(control, "view");
    if (view != NULL)
        json_object_set_new(body, "view", json_string(view));
    return print(control, control_call(control, "POST", "/api/v1/conversations/ops", body, error),
                 error);
}

static gboolean list_jobs(Control *control, GError **error) {
    json_t *json = control_call(control, "GET", "/api/v1/bulk", NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean show_job(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/bulk/%s", control_argument(control, 0));
    return print(control, control_call(control, "GET", path, NULL, error), error);
}

static gboolean cancel_job(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/bulk/%s/cancel", control_argument(control, 0));
    return print(control, control_call(control, "POST", path, json_object(), error), error);
}

static gboolean undo_job(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/bulk/%s/undo", control_argument(control, 0));
    return print(control, control_call(control, "POST", path, json_object(), error), error);
}

const ControlVerb control_bulk_verbs[] = {
    {.verb = "bulk",
     .action = "change",
     .arguments = "SEARCH",
     .summary = "Change all conversations that a search finds, in the background",
     .options = options,
     .run = change_all},
    {.verb = "bulk",
     .action = "list",
     .arguments = "",
     .summary = "Show such changes, the newest first",
     .run = list_jobs},
    {.verb = "bulk",
     .action = "show",
     .arguments = "ID",
     .summary = "Show how far one is",
     .run = show_job},
    {.verb = "bulk",
     .action = "cancel",
     .arguments = "ID",
     .summary = "Change no further conversations",
     .run = cancel_job},
    {.verb = "bulk",
     .action = "undo",
     .arguments = "ID",
     .summary = "Take it back where nobody has changed anything since, for ten minutes",
     .run = undo_job},
    {0},
};
