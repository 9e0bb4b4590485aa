// dialogctl retention, customer hold: how long what is kept.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"What", "what"},
    {"Days", "days"},
    {"Kind", "channel_kind"},
    {"Channel", "channel_id"},
    {"Active", "is_active"},
    {"Taken", "run_count"},
    {"Last run", "last_run_at"},
    {0},
};

static const ControlColumn forecast_columns[] = {
    {"Conversations", "conversations"},
    {"Rows", "rows"},
    {0},
};

static const ControlColumn hold_columns[] = {
    {"Held", "is_held"},
    {0},
};

static const ControlOption options[] = {
    {"channel", "ID", "only conversations of this channel"},
    {"kind", "KIND", "only conversations of channels of this kind"},
    {0},
};

static gboolean print(Control *control, const char *method, const char *path, json_t *body,
                      const ControlColumn *shown, GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json_is_object(json))
        control_print_record(control, json, shown);
    gboolean is_done = json != NULL;
    json_decref(json);
    return is_done;
}

static gboolean list_rules(Control *control, GError **error) {
    json_t *json = control_call(control, "GET", "/api/v1/retention-rules", NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean add_rule(Control *control, GError **error) {
    json_t *body = json_pack("{s:s, s:s, s:I}", "name", control_argument(control, 0), "what",
                             control_argument(control, 1), "days",
                             (json_int_t)g_ascii_strtoll(control_argument(control, 2), NULL, 10));
    if (control_option(control, "channel") != NULL)
        json_object_set_new(body, "channel_id", json_string(control_option(control, "channel")));
    if (control_option(control, "kind") != NULL)
        json_object_set_new(body, "channel_kind", json_string(control_option(control, "kind")));
    return print(control, "POST", "/api/v1/retention-rules", body, columns, error);
}

static gboolean on_one(Control *control, const char *method, const char *tail, json_t *body,
                       const ControlColumn *shown, GError **error) {
    g_autofree char *one = control_path("/api/v1/retention-rules/%s", control_argument(control, 0));
    g_autofree char *path = g_strconcat(one, tail, NULL);
    return print(control, method, path, body, shown, error);
}

static gboolean dry_run(Control *control, GError **error) {
    return on_one(control, "GET", "/dry-run", NULL, forecast_columns, error);
}

static gboolean start_rule(Control *control, GError **error) {
    return on_one(control, "PATCH", "", json_pack("{s:b}", "is_active", 1), columns, error);
}

static gboolean stop_rule(Control *control, GError **error) {
    return on_one(control, "PATCH", "", json_pack("{s:b}", "is_active", 0), columns, error);
}

static gboolean remove_rule(Control *control, GError **error) {
    return on_one(control, "DELETE", "", NULL, columns, error);
}

static gboolean run_rules(Control *control, GError **error) {
    return print(control, "POST", "/api/v1/retention-rules/run", json_object(), columns, error);
}

static gboolean hold(Control *control, const char *format, gboolean is_held, GError **error) {
    g_autofree char *id = control_path("%s", control_argument(control, 0));
    g_autofree char *path = g_strconcat(format, id, "/hold", NULL);
    return print(control, "POST", path, json_pack("{s:b}", "is_held", is_held), hold_columns,
                 error);
}

static gboolean hold_customer(Control *control, GError **error) {
    return hold(control, "/api/v1/customers/", TRUE, error);
}

static gboolean release_customer(Control *control, GError **error) {
    return hold(control, "/api/v1/customers/", FALSE, error);
}

static gboolean hold_conversation(Control *control, GError **error) {
    return hold(control, "/api/v1/conversations/", TRUE, error);
}

static gboolean release_conversation(Control *control, GError **error) {
    return hold(control, "/api/v1/conversations/", FALSE, error);
}

const ControlVerb control_retention_verbs[] = {
    {.verb = "retention",
     .action = "list",
     .arguments = "",
     .summary = "Show how long what is kept",
     .run = list_rules},
    {.verb = "retention",
     .action = "add",
     .arguments = "NAME WHAT DAYS",
     .summary = "Add a rule, which does nothing until it is started",
     .options = options,
     .run = add_rule},
    {.verb = "retention",
     .action = "dry-run",
     .arguments = "ID",
     .summary = "Show what a rule would take now",
     .run = dry_run},
    {.verb = "retention",
     .action = "start",
     .arguments = "ID",
     .summary = "Let a rule take once a day what is too old, for good",
     .run = start_rule},
    {.verb = "retention",
     .action = "stop",
     .arguments = "ID",
     .summary = "Let a rule take no more",
     .run = stop_rule},
    {.verb = "retention",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove a rule",
     .run = remove_rule},
    {.verb = "retention",
     .action = "run",
     .arguments = "",
     .summary = "Begin with all started rules now",
     .run = run_rules},
    {.verb = "customer",
     .action = "hold",
     .arguments = "ID",
     .summary = "Neither erase nor let retention take anything of a customer",
     .run = hold_customer},
    {.verb = "customer",
     .action = "release",
     .arguments = "ID",
     .summary = "Undo that",
     .run = release_customer},
    {.verb = "conversation",
     .action = "hold",
     .arguments = "ID",
     .summary = "Neither erase nor let retention take anything of a conversation",
     .run = hold_conversation},
    {.verb = "conversation",
     .action = "release",
     .arguments = "ID",
     .summary = "Undo that",
     .run = release_conversation},
    {0},
};
