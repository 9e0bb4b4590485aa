#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"}, {"Name", "name"}, {"Private", "private"}, {"Agents", "agents"}, {0},
};

static gboolean list_teams(Control *control, GError **error) {
    json_t *teams = control_call(control, "GET", "/api/v1/teams", NULL, error);
    if (teams != NULL)
        control_print_list(control, teams, columns);
    json_decref(teams);
    return teams != NULL;
}

static gboolean send(Control *control, const char *method, const char *path, const char *name,
                     GError **error) {
    json_t *body = json_pack("{s:s}", "name", name);
    if (control_flag(control, "private") || control_flag(control, "open"))
        json_object_set_new(body, "private", json_boolean(control_flag(control, "private")));
    json_t *team = control_call(control, method, path, body, error);
    if (team != NULL)
        control_print_record(control, team, columns);
    json_decref(team);
    return team != NULL;
}

static gboolean add_team(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/teams", control_argument(control, 0), error);
}

static gboolean rename_team(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/teams/%s", control_argument(control, 0));
    return send(control, "PATCH", path, control_argument(control, 1), error);
}

static const ControlOption options[] = {
    {"private", NULL, "its conversations are for its members alone"},
    {"open", NULL, "its conversations are for all"},
    {0},
};

const ControlVerb control_team_verbs[] = {
    {.verb = "team",
     .action = "list",
     .arguments = "",
     .summary = "Show the teams",
     .run = list_teams},
    {.verb = "team",
     .action = "add",
     .arguments = "NAME",
     .summary = "Add a team",
     .options = options,
     .run = add_team},
    {.verb = "team",
     .action = "rename",
     .arguments = "ID NAME",
     .summary = "Give a team another name, make it private or open",
     .options = options,
     .run = rename_team},
    {0},
};
