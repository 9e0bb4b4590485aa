#include "control/control_json.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Owner", "owner"},
    {"Team", "team_id"},
    {"Position", "position"},
    {"Used", "use_count"},
    {"Version", "version"},
    {0},
};

static const ControlColumn result_columns[] = {
    {"Conversation", "id"}, {"Done", "is_done"}, {"Actions", "done"}, {"Why not", "detail"}, {0},
};

static const ControlOption add_options[] = {
    {"team", "ID", "for this team; for everybody unless given"},
    {0},
};

static gboolean list_macros(Control *control, GError **error) {
    json_t *json = control_call(control, "GET", "/api/v1/macros?limit=200", NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean print_record(Control *control, json_t *json) {
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean show_macro(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/macros/%s", control_argument(control, 0));
    return print_record(control, control_call(control, "GET", path, NULL, error));
}

static gboolean add_macro(Control *control, GError **error) {
    const char *team = control_option(control, "team");
    json_t *actions = control_json_read(control_argument(control, 1), error);
    if (actions == NULL)
        return FALSE;
    json_t *body = json_pack("{s:s, s:s, s:o}", "name", control_argument(control, 0), "owner",
                             team != NULL ? "team" : "all", "actions", actions);
    if (team != NULL)
        json_object_set_new(body, "team_id", json_string(team));
    return print_record(control, control_call(control, "POST", "/api/v1/macros", body, error));
}

static gboolean run_macro(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/macros/%s/run", control_argument(control, 0));
    json_t *ids = json_array();
    for (guint at = 1; control_argument(control, at) != NULL; at++)
        json_array_append_new(ids, json_string(control_argument(control, at)));
    json_t *json =
        control_call(control, "POST", path, json_pack("{s:o}", "conversations", ids), error);
    if (json != NULL)
        control_print_list(control, json, result_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean remove_macro(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/macros/%s", control_argument(control, 0));
    json_t *json = control_call(control, "DELETE", path, NULL, error);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_macro_verbs[] = {
    {.verb = "macro",
     .action = "list",
     .arguments = "",
     .summary = "Show the macros",
     .run = list_macros},
    {.verb = "macro",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one",
     .run = show_macro},
    {.verb = "macro",
     .action = "add",
     .arguments = "NAME ACTIONS",
     .summary = "Add one for a team or everybody",
     .options = add_options,
     .run = add_macro},
    {.verb = "macro",
     .action = "run",
     .arguments = "ID CONVERSATION...",
     .summary = "Do its actions to each of the conversations",
     .run = run_macro},
    {.verb = "macro",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove one",
     .run = remove_macro},
    {0},
};
