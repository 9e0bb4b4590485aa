#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Email", "email"},
    {"Name", "name"},
    {"Role", "role"},
    {"Teams", "teams"},
    {"Disabled", "disabled_at"},
    {0},
};

static const ControlOption add_options[] = {
    {"role", "ROLE", "agent, supervisor or administrator; agent unless given"},
    {"team", "ID", "a team; may be given several times"},
    {0},
};

static const ControlOption change_options[] = {
    {"name", "NAME", "the new name"},
    {"role", "ROLE", "agent, supervisor or administrator"},
    {"team", "ID", "a team; all of the agent's teams, each with its --team"},
    {"disable", NULL, "may no longer sign in; its tokens are revoked"},
    {"enable", NULL, "may sign in again"},
    {0},
};

static gboolean list_agents(Control *control, GError **error) {
    json_t *agents = control_call(control, "GET", "/api/v1/agents", NULL, error);
    if (agents != NULL)
        control_print_list(control, agents, columns);
    json_decref(agents);
    return agents != NULL;
}

static void set_option(Control *control, json_t *body, const char *name) {
    if (control_option(control, name) != NULL)
        json_object_set_new(body, name, json_string(control_option(control, name)));
}

static void set_teams(Control *control, json_t *body) {
    const char *const *teams = control_options(control, "team");
    if (teams[0] == NULL)
        return;
    json_t *ids = json_array();
    for (; *teams != NULL; teams++)
        json_array_append_new(ids, json_string(*teams));
    json_object_set_new(body, "teams", ids);
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    json_t *agent = control_call(control, method, path, body, error);
    if (agent != NULL)
        control_print_record(control, agent, columns);
    json_decref(agent);
    return agent != NULL;
}

static gboolean add_agent(Control *control, GError **error) {
    json_t *body = json_pack("{s:s, s:s}", "email", control_argument(control, 0), "name",
                             control_argument(control, 1));
    set_option(control, body, "role");
    set_teams(control, body);
    return send(control, "POST", "/api/v1/agents", body, error);
}

static gboolean change_agent(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/agents/%s", control_argument(control, 0));
    json_t *body = json_object();
    set_option(control, body, "name");
    set_option(control, body, "role");
    set_teams(control, body);
    if (control_flag(control, "disable") || control_flag(control, "enable"))
        json_object_set_new(body, "disabled", json_boolean(control_flag(control, "disable")));
    return send(control, "PATCH", path, body, error);
}

const ControlVerb control_agent_verbs[] = {
    {.verb = "agent",
     .action = "list",
     .arguments = "",
     .summary = "Show the people who work here",
     .run = list_agents},
    {.verb = "agent",
     .action = "add",
     .arguments = "EMAIL NAME",
     .summary = "Add somebody",
     .options = add_options,
     .run = add_agent},
    {.verb = "agent",
     .action = "change",
     .arguments = "ID",
     .summary = "Change name, role or teams, disable or enable",
     .options = change_options,
     .run = change_agent},
    {0},
};
