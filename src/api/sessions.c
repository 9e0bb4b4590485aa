// /api/v1/sessions: who is signed in where; own ones, and anybody's for who manages agents.
#include "api/agent_reach.h"
#include "api/resources.h"
#include "api/session_begin.h"
#include "base/error.h"
#include "store/audit.h"
#include "store/session.h"

// The agent of ?agent=, else the caller. FALSE with an error (denied, invalid).
static gboolean read_agent(const ApiCall *call, Id *agent_id, GError **error) {
    const Principal *principal = api_call_principal(call);
    *agent_id = principal->agent_id;
    if (!api_call_query_id(call, "agent", agent_id, error))
        return FALSE;
    if (*agent_id == 0) {
        error_set(error, ERROR_INVALID, "agent_missing", "say whose sessions: ?agent=ID");
        return FALSE;
    }
    if (*agent_id == principal->agent_id || principal_may(principal, PERMISSION_AGENT_MANAGE))
        return TRUE;
    error_set(error, ERROR_DENIED, "not_yours",
              "this needs the permission agent_manage: these are another agent's sessions");
    return FALSE;
}

static void list_sessions(ApiCall *call) {
    GError *error = NULL;
    Id agent_id;
    Instant now = clock_now();
    if (!read_agent(call, &agent_id, &error))
        api_call_fail(call, error);
    else
        rows_answer_list(call, session_columns,
                         SESSION_SELECT "WHERE agent_id = $2 AND ended_at IS NULL AND ends_at > $3 "
                                        "AND seen_at > $4 ORDER BY id DESC LIMIT 200",
                         DB_VALUES(DB_INT(api_call_principal(call)->session_id), DB_ID(agent_id),
                                   DB_INSTANT(now), DB_INSTANT(now - SESSION_IDLE_MS)));
}

static gboolean audit_ended(ApiCall *call, Db *db, const char *action, const char *object, Id id,
                            GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!audit_add(db, actor, actor_id, action, object, id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

// One of somebody else is not there for whoever does not manage agents.
static gboolean write_ended(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    const Principal *principal = api_call_principal(call);
    gint64 owner = 0;
    gboolean found = FALSE;
    if (!db_query_int(db, "SELECT agent_id FROM session WHERE id = $1 AND ended_at IS NULL",
                      DB_VALUES(DB_ID(id)), &owner, &found, error))
        return FALSE;
    if (!found ||
        (owner != principal->agent_id && !principal_may(principal, PERMISSION_AGENT_MANAGE))) {
        error_set(error, ERROR_NOT_FOUND, "session_unknown", "there is no such session");
        return FALSE;
    }
    return (owner == principal->agent_id || agent_reach_check(call, db, owner, error)) &&
           session_end(db, id, clock_now(), error) &&
           audit_ended(call, db, "session_ended", "session", id, error);
}

static void end_session(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "session", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_ended, g_memdup2(&id, sizeof id), g_free);
}

static gboolean write_all_ended(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id = *(const Id *)data;
    const Principal *principal = api_call_principal(call);
    return (agent_id == principal->agent_id || agent_reach_check(call, db, agent_id, error)) &&
           session_end_others(db, agent_id, principal->session_id, clock_now(), error) &&
           audit_ended(call, db, "sessions_ended", "agent", agent_id, error);
}

static void end_others(ApiCall *call) {
    GError *error = NULL;
    Id agent_id;
    if (!read_agent(call, &agent_id, &error))
        api_call_fail(call, error);
    else
        api_call_write(call, write_all_ended, g_memdup2(&agent_id, sizeof agent_id), g_free);
}

const ApiRoute api_sessions_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/sessions",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_sessions,
     .query = "agent"},
    {.method = "DELETE",
     .pattern = "/api/v1/sessions",
     .permission = PERMISSION_SIGNED_IN,
     .handler = end_others,
     .query = "agent"},
    {.method = "DELETE",
     .pattern = "/api/v1/sessions/{session}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = end_session},
    {0},
};
