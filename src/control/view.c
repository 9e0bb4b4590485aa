#include "control/verbs.h"

static const ControlColumn list_columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"For", "scope"},
    {"Count", "count"},
    {"Search", "query"},
    {"Order", "sort"},
    {0},
};

static const ControlColumn columns[] = {
    {"Id", "id"},           {"Name", "name"},         {"For", "scope"},
    {"Team", "team_id"},    {"Search", "query"},      {"Order", "sort"},
    {"Columns", "columns"}, {"Position", "position"}, {0},
};

static const ControlOption options[] = {
    {"name", "NAME", "what it is called"},
    {"q", "SEARCH", "what is in it, as in search"},
    {"sort", "ORDER", "newest, oldest, created, created_oldest, waiting or priority"},
    {"for", "WHOM", "own, team or all"},
    {"team", "ID", "with --for team"},
    {"position", "N", "its place among the views"},
    {0},
};

static gboolean list_views(Control *control, GError **error) {
    json_t *views = control_call(control, "GET", "/api/v1/views", NULL, error);
    if (views != NULL)
        control_print_list(control, views, list_columns);
    json_decref(views);
    return views != NULL;
}

static void set_text(Control *control, json_t *body, const char *option, const char *member) {
    const char *value = control_option(control, option);
    if (value != NULL)
        json_object_set_new(body, member, json_string(value));
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    const char *position = control_option(control, "position");
    set_text(control, body, "name", "name");
    set_text(control, body, "q", "query");
    set_text(control, body, "sort", "sort");
    set_text(control, body, "for", "scope");
    set_text(control, body, "team", "team_id");
    if (position != NULL)
        json_object_set_new(body, "position", json_integer(g_ascii_strtoll(position, NULL, 10)));
    json_t *view = control_call(control, method, path, body, error);
    if (view != NULL)
        control_print_record(control, view, columns);
    json_decref(view);
    return view != NULL;
}

// dialogctl acts for nobody: what it adds is for all unless said otherwise.
static gboolean add_view(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/views",
                json_pack("{s:s, s:s, s:s}", "scope", "all", "name", control_argument(control, 0),
                          "query", control_argument(control, 1)),
                error);
}

static gboolean change_view(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/views/%s", control_argument(control, 0));
    return send(control, "PATCH", path, json_object(), error);
}

static gboolean remove_view(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/views/%s", control_argument(control, 0));
    json_t *json = control_call(control, "DELETE", path, NULL, error);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_view_verbs[] = {
    {.verb = "view",
     .action = "list",
     .arguments = "",
     .summary = "Show the views with how many conversations are in each",
     .run = list_views},
    {.verb = "view",
     .action = "add",
     .arguments = "NAME SEARCH",
     .summary = "Save a search as a view, for all unless said otherwise",
     .options = options,
     .run = add_view},
    {.verb = "view",
     .action = "change",
     .arguments = "ID",
     .summary = "Change what is given",
     .options = options,
     .run = change_view},
    {.verb = "view",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove a saved view; its conversations stay",
     .run = remove_view},
    {0},
};
