#include "store/macro.h"

#include "base/error.h"

#define SELECT                                                                                     \
    "SELECT m.id, m.agent_id, m.team_id, m.name, m.position, m.actions, m.use_count, m.used_at,"   \
    " m.created_at, m.version FROM macro m WHERE "

void macro_free(Macro *macro) {
    if (macro == NULL)
        return;
    g_free(macro->name);
    g_free(macro->actions);
    g_free(macro);
}

Macro *macro_read(DbRows *rows) {
    Macro *macro = g_new(Macro, 1);
    *macro = (Macro){.id = db_rows_id(rows, 0),
                     .agent_id = db_rows_id(rows, 1),
                     .team_id = db_rows_id(rows, 2),
                     .name = g_strdup(db_rows_text(rows, 3)),
                     .position = db_rows_int(rows, 4),
                     .actions = g_strdup(db_rows_text(rows, 5)),
                     .use_count = db_rows_int(rows, 6),
                     .used_at = db_rows_instant(rows, 7),
                     .created_at = db_rows_instant(rows, 8),
                     .version = db_rows_int(rows, 9)};
    return macro;
}

Macro *macro_get(Db *db, Id id, const OwnedViewer *viewer, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, SELECT "m.id = $1 AND ($4 = 1 OR " OWNED_OR_SHARED("m", "$2", "$3") ")",
                 DB_VALUES(DB_ID(id), DB_INT(viewer != NULL ? viewer->agent_id : 0),
                           DB_INT(viewer != NULL && viewer->sees_teams), DB_INT(viewer == NULL)),
                 error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &failure))
        return macro_read(rows);
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "macro_unknown", "there is no such macro");
    g_propagate_error(error, failure);
    return NULL;
}

DbRows *macro_list(Db *db, const OwnedViewer *viewer, gint64 position, Id id, gint64 limit,
                   GError **error) {
    return db_query(db,
                    SELECT OWNED_OR_SHARED("m", "$1", "$2") " AND (m.position, m.id) > ($3, $4)"
                                                            " ORDER BY m.position, m.id LIMIT $5",
                    DB_VALUES(DB_INT(viewer->agent_id), DB_INT(viewer->sees_teams),
                              DB_INT(position), DB_INT(id), DB_INT(limit)),
                    error);
}

gboolean macro_add(Db *db, const Macro *macro, GError **error) {
    GError *problem = NULL;
    gboolean done =
        db_run(db,
               "INSERT INTO macro (id, agent_id, team_id, name, position, actions, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7)",
               DB_VALUES(DB_ID(macro->id), DB_ID(macro->agent_id), DB_ID(macro->team_id),
                         DB_TEXT(macro->name), DB_INT(macro->position), DB_TEXT(macro->actions),
                         DB_INSTANT(macro->created_at)),
               &problem);
    return db_explain_conflict(done, problem, ERROR_INVALID, "owner_unknown",
                               "there is no such team", error);
}

gboolean macro_change(Db *db, const Macro *macro, GError **error) {
    GError *problem = NULL;
    gboolean done =
        db_run(db,
               "UPDATE macro SET agent_id = $2, team_id = $3, name = $4, position = $5,"
               " actions = $6, version = version + 1 WHERE id = $1",
               DB_VALUES(DB_ID(macro->id), DB_ID(macro->agent_id), DB_ID(macro->team_id),
                         DB_TEXT(macro->name), DB_INT(macro->position), DB_TEXT(macro->actions)),
               &problem);
    return db_explain_conflict(done, problem, ERROR_INVALID, "owner_unknown",
                               "there is no such team", error);
}

gboolean macro_remove(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM macro WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean macro_use(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE macro SET use_count = use_count + 1, used_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}
