// /api/v1/agents and /api/v1/me: the people who work here.
#include <string.h>

#include "api/availability.h"
#include "api/field.h"
#include "api/invitations.h"
#include "api/permissions.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/system_mail_text.h"
#include "store/agent.h"
#include "store/audit.h"
#include "store/role.h"
#include "store/session.h"
#include "store/team.h"
#include "store/visibility.h"

#define TEAMS_MAX 100
#define SELECT                                                                                     \
    "SELECT id, email, name, role, signature, language, created_at, disabled_at, (SELECT '[' || "  \
    "COALESCE(GROUP_CONCAT('\"' || team_id || '\"'), '') || ']' FROM agent_team WHERE agent_id = " \
    "agent.id) FROM agent "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"email", COLUMN_TEXT},
    {"name", COLUMN_TEXT},
    {"role", COLUMN_TEXT},
    {"signature", COLUMN_TEXT},
    {"language", COLUMN_TEXT},
    {"created_at", COLUMN_INSTANT},
    {"disabled_at", COLUMN_INSTANT},
    {"teams", COLUMN_RAW},
    {0},
};

// An array with what each is available for. NULL with an error.
static json_t *load_agents(Db *db, const char *sql, const DbValue *values, gsize count,
                           GError **error) {
    json_t *agents = rows_load_list(db, columns, sql, values, count, error);
    if (agents != NULL && !availability_add_to(db, agents, error))
        g_clear_pointer(&agents, json_decref);
    return agents;
}

static json_t *load_agent(Db *db, Id id, GError **error) {
    json_t *agents = load_agents(db, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)), error);
    json_t *agent = json_incref(json_array_get(agents, 0));
    if (agents != NULL && agent == NULL)
        error_set(error, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    json_decref(agents);
    return agent;
}

static void answer(ApiCall *call, json_t *json, GError *error) {
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    else
        api_call_fail(call, error);
}

static void list_agents(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    json_t *agents =
        db != NULL ? load_agents(db, SELECT "ORDER BY name, id", DB_NO_VALUES, &error) : NULL;
    answer(call, agents != NULL ? json_pack("{s:o}", "items", agents) : NULL, error);
}

static void get_agent(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    answer(call, db != NULL ? load_agent(db, id, &error) : NULL, error);
}

static json_t *load_me(ApiCall *call, GError **error) {
    const Principal *principal = api_call_principal(call);
    json_t *json;
    if (principal->agent_id == 0) {
        json = json_pack("{s:n, s:s, s:s}", "id", "name", "local administrator", "role",
                         ROLE_ADMINISTRATOR);
    } else {
        Db *db = api_call_reader(call, error);
        json = db != NULL ? load_agent(db, principal->agent_id, error) : NULL;
    }
    if (json != NULL)
        json_object_set_new(json, "permissions", permissions_to_json(principal->permissions));
    return json;
}

static void get_me(ApiCall *call) {
    GError *error = NULL;
    json_t *json = load_me(call, &error);
    answer(call, json, error);
}

// What a request changes; members that it does not name stay NULL.
typedef struct {
    Id id;
    char *email;
    char *name;
    char *role;
    char *signature;
    char *language;
    int disabled; // -1: stays
    int invite;   // of a new one: by mail
    GArray *teams;
} AgentChange;

static void agent_change_free(gpointer data) {
    AgentChange *change = data;
    g_free(change->email);
    g_free(change->name);
    g_free(change->role);
    g_free(change->signature);
    g_free(change->language);
    if (change->teams != NULL)
        g_array_unref(change->teams);
    g_free(change);
}

static gboolean check_language(const char *language, GError **error) {
    if (system_mail_speaks(language))
        return TRUE;
    error_set(error, ERROR_INVALID, "language_unknown", "language must be en, fi or sv");
    return FALSE;
}

static gboolean check_change(const AgentChange *change, GError **error) {
    return (change->language == NULL || check_language(change->language, error)) &&
           (change->role == NULL || field_check_line("role", change->role, 1, 100, error)) &&
           (change->email == NULL || field_check_email("email", change->email, error)) &&
           (change->name == NULL || field_check_line("name", change->name, 1, 200, error)) &&
           (change->signature == NULL ||
            field_check_text("signature", change->signature, 10000, error));
}

static AgentChange *decode_change(ApiCall *call, const char *format, GError **error) {
    const char *email = NULL;
    const char *name = NULL;
    const char *role = NULL;
    const char *signature = NULL;
    const char *language = NULL;
    int invite = FALSE;
    json_t *teams = NULL;
    int disabled = -1;
    if (!api_call_unpack(call, error, format, "name", &name, "role", &role, "signature", &signature,
                         "teams", &teams, "disabled", &disabled, "language", &language, "email",
                         &email, "invite", &invite))
        return NULL;
    AgentChange *change = g_new0(AgentChange, 1);
    change->email = g_strdup(email);
    change->name = g_strdup(name);
    change->role = g_strdup(role);
    change->signature = g_strdup(signature);
    change->language = g_strdup(language);
    change->invite = invite;
    change->disabled = disabled;
    if (teams != NULL)
        change->teams = field_read_ids("teams", teams, TEAMS_MAX, error);
    if ((teams == NULL || change->teams != NULL) && check_change(change, error))
        return change;
    agent_change_free(change);
    return NULL;
}

static gboolean set_language(Db *db, const AgentChange *change, GError **error) {
    return change->language == NULL || agent_set_language(db, change->id, change->language, error);
}

static gboolean set_teams(Db *db, const AgentChange *change, GError **error) {
    return change->teams == NULL ||
           team_set_of_agent(db, change->id, (const Id *)(void *)change->teams->data,
                             change->teams->len, error);
}

// Nobody makes or changes an agent who may do more than itself.
static gboolean check_role(const ApiCall *call, Db *db, const char *name, GError **error) {
    PermissionSet permissions;
    gboolean found;
    if (!role_find(db, name, &permissions, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_INVALID, "role_unknown",
                  "there is no role %s: see GET /api/v1/roles", name);
    else if (!principal_may_grant(api_call_principal(call), permissions))
        error_set(error, ERROR_DENIED, "role_beyond_yours",
                  "this role may do more than you: an administrator must do that");
    else
        return TRUE;
    return FALSE;
}

static gboolean answer_agent(ApiCall *call, Db *db, Id id, unsigned status, const char *action,
                             GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!visibility_refresh(db, error) ||
        !audit_add(db, actor, actor_id, action, "agent", id, NULL, error))
        return FALSE;
    json_t *json = load_agent(db, id, error);
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
        .role = change->role,
        .signature = change->signature != NULL ? change->signature : (char[]){""},
        .created_at = clock_now(),
    };
    return check_role(call, db, agent.role, error) && agent_add(db, &agent, error) &&
           set_language(db, change, error) && set_teams(db, change, error) &&
           (!change->invite || invitation_write(call, db, change->id, error)) &&
           answer_agent(call, db, change->id, 201, "agent_added", error);
}

static void add_agent(ApiCall *call) {
    GError *error = NULL;
    AgentChange *change = decode_change(call, "{s:s, s?s, s?s, s?o, s?b, s?s, s:s, s?b}", &error);
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    if (change->role == NULL)
        change->role = g_strdup(ROLE_AGENT);
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
    if (change->role != NULL) {
        g_free(agent->role);
        agent->role = g_strdup(change->role);
    }
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
    gboolean was_administrator = strcmp(agent->role, ROLE_ADMINISTRATOR) == 0;
    if (!check_role(call, db, agent->role, error))
        return FALSE;
    g_autofree char *former_role = g_strdup(agent->role);
    apply(change, agent);
    if (strcmp(former_role, agent->role) != 0 &&
        !session_end_others(db, agent->id, 0, clock_now(), error))
        return FALSE; // other rights, another session (reliability.md 4)
    return check_role(call, db, agent->role, error) && agent_change(db, agent, error) &&
           set_language(db, change, error) && set_teams(db, change, error) &&
           (!was_administrator || keeps_administrator(db, error)) &&
           answer_agent(call, db, change->id, 200, "agent_changed", error);
}

static void change_agent(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    AgentChange *change =
        id != 0 ? decode_change(call, "{s?s, s?s, s?s, s?o, s?b, s?s}", &error) : NULL;
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    change->id = id;
    api_call_write(call, write_change, change, agent_change_free);
}

// What everybody may change of themselves.
static AgentChange *decode_own(ApiCall *call, GError **error) {
    const char *name = NULL;
    const char *signature = NULL;
    const char *language = NULL;
    if (!api_call_unpack(call, error, "{s?s, s?s, s?s}", "name", &name, "signature", &signature,
                         "language", &language))
        return NULL;
    AgentChange *change = g_new0(AgentChange, 1);
    *change = (AgentChange){.id = api_call_principal(call)->agent_id,
                            .name = g_strdup(name),
                            .signature = g_strdup(signature),
                            .language = g_strdup(language),
                            .disabled = -1};
    if (check_change(change, error))
        return change;
    agent_change_free(change);
    return NULL;
}

static gboolean write_own(ApiCall *call, Db *db, gpointer data, GError **error) {
    const AgentChange *change = data;
    g_autoptr(Agent) agent = agent_get(db, change->id, error);
    if (agent == NULL)
        return FALSE;
    apply(change, agent);
    return agent_change(db, agent, error) && set_language(db, change, error) &&
           answer_agent(call, db, change->id, 200, "agent_changed", error);
}

static void change_me(ApiCall *call) {
    GError *error = NULL;
    AgentChange *change = decode_own(call, &error);
    if (change != NULL)
        api_call_write(call, write_own, change, agent_change_free);
    else
        api_call_fail(call, error);
}

const ApiRoute api_agent_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/me",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_me},
    {.method = "PATCH",
     .pattern = "/api/v1/me",
     .permission = PERMISSION_SIGNED_IN,
     .handler = change_me},
    {.method = "GET",
     .pattern = "/api/v1/agents",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_agents},
    {.method = "POST",
     .pattern = "/api/v1/agents",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = add_agent},
    {.method = "GET",
     .pattern = "/api/v1/agents/{agent}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_agent},
    {.method = "PATCH",
     .pattern = "/api/v1/agents/{agent}",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = change_agent},
    {0},
};
