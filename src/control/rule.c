#include "control/control_json.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Place", "position"}, {"Id", "id"},       {"Name", "name"},       {"Active", "is_active"},
    {"When", "when"},      {"Stops", "stops"}, {"Version", "version"}, {0},
};

static const ControlColumn run_columns[] = {
    {"When", "recorded_at"}, {"Rule", "rule_id"}, {"Conversation", "conversation_id"},
    {"Outcome", "outcome"},  {"Why", "detail"},   {0},
};

static const ControlColumn item_columns[] = {
    {"Conversation", "conversation_id"},
    {"Actions", "actions"},
    {0},
};

static const ControlOption run_options[] = {
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static const ControlOption dry_run_options[] = {
    {"from", "INSTANT", "conversations whose last message is no older"},
    {"to", "INSTANT", "and older than that"},
    {"limit", "N", "name at most so many, to 1000"},
    {0},
};

static gboolean print_record(Control *control, json_t *json) {
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean print_list(Control *control, json_t *json, const ControlColumn *list_columns) {
    if (json != NULL)
        control_print_list(control, json, list_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean list_rules(Control *control, GError **error) {
    return print_list(control, control_call(control, "GET", "/api/v1/rules", NULL, error), columns);
}

static char *rule_path(Control *control) {
    return control_path("/api/v1/rules/%s", control_argument(control, 0));
}

static gboolean show_rule(Control *control, GError **error) {
    g_autofree char *path = rule_path(control);
    return print_record(control, control_call(control, "GET", path, NULL, error));
}

static gboolean add_rule(Control *control, GError **error) {
    json_t *rule = control_json_read(control_argument(control, 0), error);
    return rule != NULL &&
           print_record(control, control_call(control, "POST", "/api/v1/rules", rule, error));
}

static gboolean change_rule(Control *control, GError **error) {
    g_autofree char *path = rule_path(control);
    json_t *rule = control_json_read(control_argument(control, 1), error);
    return rule != NULL && print_record(control, control_call(control, "PUT", path, rule, error));
}

static gboolean remove_rule(Control *control, GError **error) {
    g_autofree char *path = rule_path(control);
    json_t *json = control_call(control, "DELETE", path, NULL, error);
    json_decref(json);
    return json != NULL;
}

static gboolean order_rules(Control *control, GError **error) {
    json_t *ids = json_array();
    for (guint at = 0; control_argument(control, at) != NULL; at++)
        json_array_append_new(ids, json_string(control_argument(control, at)));
    return print_list(control,
                      control_call(control, "PUT", "/api/v1/rules/order",
                                   json_pack("{s:o}", "rules", ids), error),
                      columns);
}

static gboolean list_runs(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/rules/%s/runs", control_argument(control, 0));
    g_autofree char *full = control_query_path(control, path, run_options);
    return print_list(control, control_call(control, "GET", full, NULL, error), run_columns);
}

static gboolean dry_run(Control *control, GError **error) {
    static const char *const bounds[] = {"from", "to"};
    json_t *rule = control_json_read(control_argument(control, 0), error);
    if (rule == NULL)
        return FALSE;
    json_t *over = json_object();
    for (gsize at = 0; at < G_N_ELEMENTS(bounds); at++)
        if (control_option(control, bounds[at]) != NULL)
            json_object_set_new(over, bounds[at], json_string(control_option(control, bounds[at])));
    json_t *body = json_pack("{s:o, s:o}", "rule", rule, "over", over);
    const char *limit = control_option(control, "limit");
    if (limit != NULL)
        json_object_set_new(body, "limit", json_integer(g_ascii_strtoll(limit, NULL, 10)));
    json_t *json = control_call(control, "POST", "/api/v1/rules/dry-run", body, error);
    if (json != NULL)
        control_say(control, "%lld of %lld conversations match.",
                    (long long)json_integer_value(json_object_get(json, "matched")),
                    (long long)json_integer_value(json_object_get(json, "looked_at")));
    return print_list(control, json, item_columns);
}

const ControlVerb control_rule_verbs[] = {
    {.verb = "rule",
     .action = "list",
     .arguments = "",
     .summary = "Show the rules in their order",
     .run = list_rules},
    {.verb = "rule", .action = "show", .arguments = "ID", .summary = "Show one", .run = show_rule},
    {.verb = "rule",
     .action = "add",
     .arguments = "RULE",
     .summary = "Add a rule, behind all others",
     .run = add_rule},
    {.verb = "rule",
     .action = "change",
     .arguments = "ID RULE",
     .summary = "Put another rule in its place",
     .run = change_rule},
    {.verb = "rule",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove one",
     .run = remove_rule},
    {.verb = "rule",
     .action = "order",
     .arguments = "ID...",
     .summary = "Give all rules, in their new order",
     .run = order_rules},
    {.verb = "rule",
     .action = "runs",
     .arguments = "ID",
     .summary = "Show what it did and why not, the last first",
     .options = run_options,
     .run = list_runs},
    {.verb = "rule",
     .action = "dry-run",
     .arguments = "RULE",
     .summary = "Show what a rule would do to conversations that are there",
     .options = dry_run_options,
     .run = dry_run},
    {0},
};
