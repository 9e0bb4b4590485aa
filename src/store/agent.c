#include "store/agent.h"

#include "base/error.h"
#include "store/session.h"

#define COLUMNS "SELECT id, email, name, role, signature, created_at, disabled_at FROM agent "

void agent_free(Agent *agent) {
    if (agent == NULL)
        return;
    g_free(agent->email);
    g_free(agent->name);
    g_free(agent->role);
    g_free(agent->signature);
    g_free(agent);
}

static Agent *read_row(DbRows *rows) {
    Agent *agent = g_new0(Agent, 1);
    agent->id = db_rows_id(rows, 0);
    agent->email = g_strdup(db_rows_text(rows, 1));
    agent->name = g_strdup(db_rows_text(rows, 2));
    agent->role = g_strdup(db_rows_text(rows, 3));
    agent->signature = g_strdup(db_rows_text(rows, 4));
    agent->created_at = db_rows_instant(rows, 5);
    agent->disabled_at = db_rows_instant(rows, 6);
    return agent;
}

static Agent *find(Db *db, const char *sql, DbValue value, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, sql, &value, 1, error);
    if (rows == NULL || !db_rows_next(rows, error))
        return NULL;
    return read_row(rows);
}

Agent *agent_get(Db *db, Id id, GError **error) {
    GError *problem = NULL;
    Agent *agent = find(db, COLUMNS "WHERE id = $1", DB_ID(id), &problem);
    if (agent == NULL && problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    if (agent == NULL)
        g_propagate_error(error, problem);
    return agent;
}

Agent *agent_find_by_email(Db *db, const char *email, GError **error) {
    g_autofree char *lower = g_utf8_strdown(email, -1);
    return find(db, COLUMNS "WHERE email = $1", DB_TEXT(lower), error);
}

GPtrArray *agent_list(Db *db, GError **error) {
    GError *problem = NULL;
    g_autoptr(GPtrArray) agents = g_ptr_array_new_with_free_func((GDestroyNotify)agent_free);
    g_autoptr(DbRows) rows = db_query(db, COLUMNS "ORDER BY name, id", DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &problem))
        g_ptr_array_add(agents, read_row(rows));
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return NULL;
    }
    return g_steal_pointer(&agents);
}

static gboolean explain_conflict(GError *problem, GError **error) {
    if (error_kind(problem) != ERROR_CONFLICT) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_error_free(problem);
    error_set(error, ERROR_CONFLICT, "agent_exists", "an agent with this email address exists");
    return FALSE;
}

gboolean agent_add(Db *db, const Agent *agent, GError **error) {
    GError *problem = NULL;
    g_autofree char *email = g_utf8_strdown(agent->email, -1);
    if (db_run(
            db,
            "INSERT INTO agent (id, email, name, role, signature, created_at) VALUES ($1, $2, $3, "
            "$4, $5, $6)",
            DB_VALUES(DB_ID(agent->id), DB_TEXT(email), DB_TEXT(agent->name), DB_TEXT(agent->role),
                      DB_TEXT(agent->signature), DB_INSTANT(agent->created_at)),
            &problem))
        return TRUE;
    return explain_conflict(problem, error);
}

gboolean agent_change(Db *db, const Agent *agent, GError **error) {
    if (!db_run(
            db,
            "UPDATE agent SET name = $2, role = $3, signature = $4, disabled_at = $5 WHERE id = $1",
            DB_VALUES(DB_ID(agent->id), DB_TEXT(agent->name), DB_TEXT(agent->role),
                      DB_TEXT(agent->signature), DB_INSTANT(agent->disabled_at)),
            error))
        return FALSE;
    if (agent->disabled_at == INSTANT_NONE)
        return TRUE;
    return session_end_others(db, agent->id, 0, agent->disabled_at, error) &&
           db_run(db, "UPDATE token SET revoked_at = $2 WHERE agent_id = $1 AND revoked_at IS NULL",
                  DB_VALUES(DB_ID(agent->id), DB_INSTANT(agent->disabled_at)), error);
}

gboolean agent_set_language(Db *db, Id id, const char *language, GError **error) {
    return db_run(db, "UPDATE agent SET language = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_TEXT(language)), error);
}

gboolean agent_count_administrators(Db *db, gint64 *count, GError **error) {
    gboolean found = FALSE;
    return db_query_int(
        db, "SELECT COUNT(*) FROM agent WHERE role = 'administrator' AND disabled_at IS NULL",
        DB_NO_VALUES, count, &found, error);
}
