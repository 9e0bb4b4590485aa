// /api/v1/agents and /api/v1/me: the people who work here.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "store/agent.h"
#include "store/audit.h"
#include "store/team.h"

#define TEAMS_MAX 100
#define SELECT                                                                                     \
    "SELECT id, email, name, role, signature, created_at, disabled_at, (SELECT '[' || "            \
    "COALESCE(GROUP_CONCAT('\"' || team_id || '\"'), '') || ']' FROM agent_team WHERE agent_id = " \
    "agent.id) FROM agent "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"email", COLUMN_TEXT},
    {"name", COLUMN_TEXT},
    {"role", COLUMN_TEXT},
    {"signature", COLUMN_TEXT},
    {"created_at", COLUMN_INSTANT},
    {"disabled_at", COLUMN_INSTANT},
    {"teams", COLUMN_RAW},
    {0},
};

static void list_agents(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY name, id", DB_NO_VALUES);
}

static void get_agent(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "agent_unknown");
}

static void get_me(ApiCall *call) {
    const Principal *principal = api_call_principal(call);
    if (principal->agent_id != 0)
        rows_answer_one(call, columns, SELECT "WHERE id = $1",
                        DB_VALUES(DB_ID(principal->agent_id)), "agent_unknown");
    else
        api_call_answer_json(call, 200,
                             json_pack("{s:n, s:s, s:s}", "id", "name", "local administrator",
                                       "role", role_name(principal->role)));
}

// What a request changes; members that it does not name stay NULL.
typedef struct {
    Id id;
    char *email;
    char *name;
    char *role;
    char *signature;
    int disabled; // -1: stays
    GArray *teams;
} AgentChange;

static void agent_change_free(gpointer data) {
    AgentChange *change = data;
    g_free(change->email);
    g_free(change->name);
    g_free(change->role);
    g_free(change->signature);
    if (change->teams != NULL)
        g_array_unref(change->teams);
    g_free(change);
}

static gboolean check_change(const AgentChange *change, GError **error) {
    Role role;
    if (change->role != NULL && !role_parse(change->role, &role)) {
        error_set(error, ERROR_INVALID, "role_unknown",
                  "role must be agent, supervisor or administrator");
        return FALSE;
    }
    return (change->email == NULL || field_check_email("email", change->email, error)) &&
           (change->name == NULL || field_check_line("name", change->name, 1, 200, error)) &&
           (change->signature == NULL ||
            field_check_text("signature", change->signature, 10000, error));
}

static AgentChange *decode_change(ApiCall *call, const char *format, GError **error) {
    const char *email = NULL;
    const char *name = NULL;
    const char *role = NULL;
    const char *signature = NULL;
    json_t *teams = NULL;
    int disabled = -1;
    if (!api_call_unpack(call, error, format, "name", &name, "role", &role, "signature", &signature,
                         "teams", &teams, "disabled", &disabled, "email", &email))
        return NULL;
    AgentChange *change = g_new0(AgentChange, 1);
    change->email = g_strdup(email);
    change->name = g_strdup(name);
    change->role = g_strdup(role);
    change->signature = g_strdup(signature);
    change->disabled = disabled;
    if (teams != NULL)
        change->teams = field_read_ids("teams", teams, TEAMS_MAX, error);
    if ((teams == NULL || change->teams != NULL) && check_change(change, error))
        return change;
    agent_change_free(change);
    return NULL;
}

static gboolean set_teams(Db *db, const AgentChange *change, GError **error) {
    return change->teams == NULL ||
           team_set_of_agent(db, change->id, (const Id *)(void *)change->teams->data,
                             change->teams->len, error);
}

static gboolean answer_agent(ApiCall *call, Db *db, Id id, unsigned status, const char *action,
                             GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!audit_add(db, actor, actor_id, action, "agent", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "agent_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, status, json);
    return json != NULL;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    AgentChange *change = data;
    change->id = id_next();
    Agent agent = {
        .id = change->id,
        .email = change->email,
        .name = change->name,
        .role = ROLE_AGENT,
        .signature = change->signature != NULL ? change->signature : (char[]){""},
        .created_at = clock_now(),
    };
    if (change->role != NULL)
        role_parse(change->role, &agent.role);
    return agent_add(db, &agent, error) && set_teams(db, change, error) &&
           answer_agent(call, db, change->id, 201, "agent_added", error);
}

static void add_agent(ApiCall *call) {
    GError *error = NULL;
    AgentChange *change = decode_change(call, "{s:s, s?s, s?s, s?o, s?b, s:s}", &error);
    if (change == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, change, agent_change_free);
}

static void apply(const AgentChange *change, Agent *agent) {
    if (change->name != NULL) {
        g_free(agent->name);
        agent->name = g_strdup(change->name);
    }
    if (change->signature != NULL) {
        g_free(agent->signature);
        agent->signature = g_strdup(change->signature);
    }
    if (change->role != NULL)
        role_parse(change->role, &agent->role);
    if (change->disabled == 0)
        agent->disabled_at = INSTANT_NONE;
    if (change->disabled == 1 && agent->disabled_at == INSTANT_NONE)
        agent->disabled_at = clock_now();
}

static gboolean keeps_administrator(Db *db, GError **error) {
    gint64 count = 0;
    if (!agent_count_administrators(db, &count, error))
        return FALSE;
    if (count == 0)
        error_set(error, ERROR_CONFLICT, "last_administrator",
                  "this is the last administrator: make another one first");
    return count > 0;
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const AgentChange *change = data;
    g_autoptr(Agent) agent = agent_get(db, change->id, error);
    if (agent == NULL)
        return FALSE;
    gboolean was_administrator = agent->role == ROLE_ADMINISTRATOR;
    apply(change, agent);
    return agent_change(db, agent, error) && set_teams(db, change, error) &&
           (!was_administrator || keeps_administrator(db, error)) &&
           answer_agent(call, db, change->id, 200, "agent_changed", error);
}

static void change_agent(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    AgentChange *change = id != 0 ? decode_change(call, "{s?s, s?s, s?s, s?o, s?b}", &error) : NULL;
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    change->id = id;
    api_call_write(call, write_change, change, agent_change_free);
}

const ApiRoute api_agent_routes[] = {
    {.method = "GET", .pattern = "/api/v1/me", .permission = API_AGENT, .handler = get_me},
    {.method = "GET", .pattern = "/api/v1/agents", .permission = API_AGENT, .handler = list_agents},
    {.method = "POST",
     .pattern = "/api/v1/agents",
     .permission = API_ADMINISTRATOR,
     .handler = add_agent},
    {.method = "GET",
     .pattern = "/api/v1/agents/{agent}",
     .permission = API_AGENT,
     .handler = get_agent},
    {.method = "PATCH",
     .pattern = "/api/v1/agents/{agent}",
     .permission = API_ADMINISTRATOR,
     .handler = change_agent},
    {0},
};
