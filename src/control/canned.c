#include "control/verbs.h"

static const ControlColumn list_columns[] = {
    {"Id", "id"},          {"Shortcut", "shortcut"},   {"Name", "name"},    {"Owner", "owner"},
    {"Used", "use_count"}, {"Languages", "languages"}, {"Text", "preview"}, {0},
};

static const ControlColumn columns[] = {
    {"Id", "id"},          {"Name", "name"},       {"Shortcut", "shortcut"},
    {"Owner", "owner"},    {"Team", "team_id"},    {"Folder", "folder_id"},
    {"Used", "use_count"}, {"Version", "version"}, {0},
};

static const ControlColumn text_columns[] = {
    {"Language", "language"},
    {"Subject", "subject"},
    {"Text", "text"},
    {0},
};

static const ControlOption list_options[] = {
    {"q", "WORDS", "beginnings of words of its shortcut, name or text"},
    {"folder", "ID", "only of this folder"},
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static const ControlOption add_options[] = {
    {"shortcut", "WORD", "what agents type for it"},
    {"language", "TAG", "of the text, such as fi"},
    {"subject", "TEXT", "of the mail, instead of the conversation's"},
    {"team", "ID", "for this team; for everybody unless given"},
    {"folder", "ID", "in this folder"},
    {0},
};

static gboolean list_canned(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/canned-replies", list_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, list_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean print_answer(Control *control, json_t *json) {
    if (json != NULL)
        control_print_record(control, json, columns);
    if (json != NULL && !control_is_json(control))
        control_print_list(control, json_object_get(json, "texts"), text_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean show_canned(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/canned-replies/%s", control_argument(control, 0));
    return print_answer(control, control_call(control, "GET", path, NULL, error));
}

static void set_option(Control *control, json_t *json, const char *option, const char *member) {
    const char *value = control_option(control, option);
    if (value != NULL)
        json_object_set_new(json, member, json_string(value));
}

static gboolean add_canned(Control *control, GError **error) {
    json_t *text = json_pack("{s:s}", "text", control_argument(control, 1));
    set_option(control, text, "language", "language");
    set_option(control, text, "subject", "subject");
    json_t *body =
        json_pack("{s:s, s:s, s:[o]}", "name", control_argument(control, 0), "owner",
                  control_option(control, "team") != NULL ? "team" : "all", "texts", text);
    set_option(control, body, "shortcut", "shortcut");
    set_option(control, body, "team", "team_id");
    set_option(control, body, "folder", "folder_id");
    return print_answer(control,
                        control_call(control, "POST", "/api/v1/canned-replies", body, error));
}

static gboolean remove_canned(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/canned-replies/%s", control_argument(control, 0));
    json_t *json = control_call(control, "DELETE", path, NULL, error);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_canned_verbs[] = {
    {.verb = "canned",
     .action = "list",
     .arguments = "",
     .summary = "Show canned replies, or find them",
     .options = list_options,
     .run = list_canned},
    {.verb = "canned",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one with its texts",
     .run = show_canned},
    {.verb = "canned",
     .action = "add",
     .arguments = "NAME TEXT",
     .summary = "Add one for a team or everybody",
     .options = add_options,
     .run = add_canned},
    {.verb = "canned",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove one",
     .run = remove_canned},
    {0},
};
