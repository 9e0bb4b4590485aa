#include <string.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Email", "email"},
    {"Name", "name"},
    {"Role", "role"},
    {"Teams", "teams"},
    {"Disabled", "disabled_at"},
    {"State", "availability.state"},
    {0},
};

static const ControlColumn availability_columns[] = {
    {"State", "state"},   {"By hand", "by_hand"},      {"Since", "since"},       {"Until", "until"},
    {"Reason", "reason"}, {"Calendar", "calendar_id"}, {"Capacity", "capacity"}, {0},
};

static const ControlOption availability_options[] = {
    {"state", "STATE", "available, busy (takes nothing new), away or offline"},
    {"until", "INSTANT", "when that ends by itself"},
    {"reason", "WORDS", "what colleagues read beside it"},
    {"calendar", "ID", "working hours; none for any hour"},
    {"capacity", "NUMBER", "open conversations at once; none for any number"},
    {0},
};

static const ControlOption add_options[] = {
    {"role", "ROLE", "agent, supervisor or administrator; agent unless given"},
    {"team", "ID", "a team; may be given several times"},
    {"language", "WORD", "of mails to them: en, fi or sv; en unless given"},
    {"invite", NULL, "send the mail by which they choose a password"},
    {0},
};

static const ControlOption change_options[] = {
    {"name", "NAME", "the new name"},
    {"role", "ROLE", "agent, supervisor or administrator"},
    {"team", "ID", "a team; all of the agent's teams, each with its --team"},
    {"language", "WORD", "of mails to them: en, fi or sv"},
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
    set_option(control, body, "language");
    set_teams(control, body);
    if (control_flag(control, "invite"))
        json_object_set_new(body, "invite", json_true());
    return send(control, "POST", "/api/v1/agents", body, error);
}

static gboolean change_agent(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/agents/%s", control_argument(control, 0));
    json_t *body = json_object();
    set_option(control, body, "name");
    set_option(control, body, "role");
    set_option(control, body, "language");
    set_teams(control, body);
    if (control_flag(control, "disable") || control_flag(control, "enable"))
        json_object_set_new(body, "disabled", json_boolean(control_flag(control, "disable")));
    return send(control, "PATCH", path, body, error);
}

static json_t *text_or_null(const char *text) {
    return strcmp(text, "none") == 0 ? json_null() : json_string(text);
}

static gboolean set_capacity(Control *control, json_t *body, GError **error) {
    guint64 number;
    const char *capacity = control_option(control, "capacity");
    if (capacity == NULL)
        return TRUE;
    if (strcmp(capacity, "none") == 0)
        return json_object_set_new(body, "capacity", json_null()) == 0;
    if (g_ascii_string_to_unsigned(capacity, 10, 0, G_MAXINT32, &number, NULL))
        return json_object_set_new(body, "capacity", json_integer((json_int_t)number)) == 0;
    error_set(error, ERROR_INVALID, "capacity_invalid", "--capacity takes a number or none");
    return FALSE;
}

static gboolean change_availability(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/agents/%s/availability", control_argument(control, 0));
    json_t *body = json_object();
    set_option(control, body, "state");
    set_option(control, body, "until");
    set_option(control, body, "reason");
    if (control_option(control, "calendar") != NULL)
        json_object_set_new(body, "calendar_id", text_or_null(control_option(control, "calendar")));
    if (!set_capacity(control, body, error)) {
        json_decref(body);
        return FALSE;
    }
    json_t *availability = control_call(control, "PATCH", path, body, error);
    if (availability != NULL)
        control_print_record(control, availability, availability_columns);
    json_decref(availability);
    return availability != NULL;
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
    {.verb = "agent",
     .action = "availability",
     .arguments = "ID",
     .summary = "Set whether somebody takes conversations, when they work and how many they take",
     .options = availability_options,
     .run = change_availability},
    {0},
};
