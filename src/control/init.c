#include "base/error.h"
#include "control/agent_access.h"
#include "control/verbs.h"

static const ControlOption options[] = {
    {"email", "ADDRESS", "of the first administrator"},
    {"name", "NAME", "of the first administrator; else the address"},
    {"password", NULL, "read the first administrator's password for the page from standard input"},
    {0},
};

static const ControlColumn columns[] = {
    {"Data directory", "data_directory"},
    {"Administrator", "agent.email"},
    {"Token (shown once)", "token.token"},
    {0},
};

static gboolean has_agents(Control *control, gboolean *has, GError **error) {
    json_t *agents = control_call(control, "GET", "/api/v1/agents", NULL, error);
    *has = json_array_size(json_object_get(agents, "items")) > 0;
    json_decref(agents);
    return agents != NULL;
}

// The first administrator and a token for it.
static gboolean add_administrator(Control *control, const char *email, json_t *result,
                                  GError **error) {
    const char *name = control_option(control, "name");
    json_t *agent = control_call(control, "POST", "/api/v1/agents",
                                 json_pack("{s:s, s:s, s:s}", "email", email, "name",
                                           name != NULL ? name : email, "role", "administrator"),
                                 error);
    if (agent == NULL)
        return FALSE;
    json_object_set_new(result, "agent", agent);
    const char *id = json_string_value(json_object_get(agent, "id"));
    if (control_flag(control, "password") && !control_set_password(control, id, error))
        return FALSE;
    json_t *token = control_call(
        control, "POST", "/api/v1/tokens",
        json_pack("{s:s, s:O}", "name", "first token", "agent_id", json_object_get(agent, "id")),
        error);
    if (token != NULL)
        json_object_set_new(result, "token", token);
    return token != NULL;
}

static gboolean initialize(Control *control, GError **error) {
    const char *email = control_option(control, "email");
    gboolean has = FALSE;
    if (!control_create(control, error) || !has_agents(control, &has, error))
        return FALSE;
    json_t *result = json_pack("{s:s}", "data_directory", control_data_directory(control, NULL));
    if (!has && email != NULL && !add_administrator(control, email, result, error)) {
        json_decref(result);
        return FALSE;
    }
    control_print_record(control, result, columns);
    json_decref(result);
    if (!has && email == NULL)
        control_say(control,
                    "Nobody may sign in yet: dialogctl agent add EMAIL NAME --role administrator");
    return TRUE;
}

const ControlVerb control_init_verbs[] = {
    {.verb = "init",
     .arguments = "",
     .summary = "Make the data directory and the first administrator",
     .options = options,
     .run = initialize},
    {0},
};
