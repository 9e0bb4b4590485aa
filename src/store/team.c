#include "store/team.h"

#include "base/error.h"

gboolean team_add(Db *db, Id id, const char *name, Instant now, GError **error) {
    GError *problem = NULL;
    gboolean done = db_run(db, "INSERT INTO team (id, name, created_at) VALUES ($1, $2, $3)",
                           DB_VALUES(DB_ID(id), DB_TEXT(name), DB_INSTANT(now)), &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "team_exists",
                               "a team of this name exists", error);
}

gboolean team_rename(Db *db, Id id, const char *name, GError **error) {
    GError *problem = NULL;
    gint64 changed = 0;
    gboolean done = db_run_counted(db, "UPDATE team SET name = $2 WHERE id = $1",
                                   DB_VALUES(DB_ID(id), DB_TEXT(name)), &changed, &problem);
    if (!db_explain_conflict(done, problem, ERROR_CONFLICT, "team_exists",
                             "a team of this name exists", error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, "team_unknown", "there is no such team");
    return changed > 0;
}

gboolean team_set_private(Db *db, Id id, gboolean is_private, GError **error) {
    return db_run(db, "UPDATE team SET is_private = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INT(is_private)), error);
}

gboolean team_set_of_agent(Db *db, Id agent_id, const Id *teams, gsize count, GError **error) {
    if (!db_run(db, "DELETE FROM agent_team WHERE agent_id = $1", DB_VALUES(DB_ID(agent_id)),
                error))
        return FALSE;
    for (gsize at = 0; at < count; at++) {
        GError *problem = NULL;
        gboolean done =
            db_run(db,
                   "INSERT INTO agent_team (agent_id, team_id) VALUES ($1, $2) ON CONFLICT DO "
                   "NOTHING",
                   DB_VALUES(DB_ID(agent_id), DB_ID(teams[at])), &problem);
        if (!db_explain_conflict(done, problem, ERROR_NOT_FOUND, "team_unknown",
                                 "there is no such team", error))
            return FALSE;
    }
    return TRUE;
}

gboolean team_exists(Db *db, Id id, gboolean *exists, GError **error) {
    gint64 one = 0;
    return db_query_int(db, "SELECT 1 FROM team WHERE id = $1", DB_VALUES(DB_ID(id)), &one, exists,
                        error);
}
