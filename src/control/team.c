#include <string.h>

#include "base/error.h"
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

static const ControlColumn assignment_columns[] = {
    {"Team", "team_id"},
    {"Mode", "mode"},
    {"Reassign after minutes", "reassign_after_minutes"},
    {0},
};

static const ControlOption assignment_options[] = {
    {"mode", "MODE", "none, round_robin or least_loaded"},
    {"reassign-after", "MINUTES", "of an assignee's absence; never for none"},
    {0},
};

static gboolean set_minutes(Control *control, json_t *body, GError **error) {
    guint64 number;
    const char *minutes = control_option(control, "reassign-after");
    if (minutes == NULL)
        return TRUE;
    if (strcmp(minutes, "never") == 0)
        return json_object_set_new(body, "reassign_after_minutes", json_null()) == 0;
    if (g_ascii_string_to_unsigned(minutes, 10, 0, G_MAXINT32, &number, NULL))
        return json_object_set_new(body, "reassign_after_minutes",
                                   json_integer((json_int_t)number)) == 0;
    error_set(error, ERROR_INVALID, "minutes_invalid", "--reassign-after takes minutes or never");
    return FALSE;
}

static json_t *assignment_body(Control *control, GError **error) {
    const char *mode = control_option(control, "mode");
    json_t *body = mode != NULL ? json_pack("{s:s}", "mode", mode) : json_object();
    if (set_minutes(control, body, error))
        return body;
    json_decref(body);
    return NULL;
}

// Without options it shows what holds.
static gboolean team_assignment(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/teams/%s/assignment", control_argument(control, 0));
    json_t *body = assignment_body(control, error);
    if (body == NULL)
        return FALSE;
    gboolean is_change = json_object_size(body) > 0;
    if (!is_change)
        g_clear_pointer(&body, json_decref);
    json_t *settings = control_call(control, is_change ? "PATCH" : "GET", path, body, error);
    if (settings != NULL)
        control_print_record(control, settings, assignment_columns);
    json_decref(settings);
    return settings != NULL;
}

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
    {.verb = "team",
     .action = "assignment",
     .arguments = "ID",
     .summary = "Show or change how a team's conversations find their people",
     .options = assignment_options,
     .run = team_assignment},
    {0},
};
