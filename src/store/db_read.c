#include "store/db.h"

GArray *db_query_ids(Db *db, const char *sql, const DbValue *values, gsize count, GError **error) {
    GError *problem = NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &problem)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(ids, id);
    }
    if (problem == NULL)
        return g_steal_pointer(&ids);
    g_propagate_error(error, problem);
    return NULL;
}

gboolean db_explain_conflict(gboolean done, GError *problem, ErrorKind kind, const char *code,
                             const char *text, GError **error) {
    if (done)
        return TRUE;
    if (error_kind(problem) != ERROR_CONFLICT) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_error_free(problem);
    error_set(error, kind, code, "%s", text);
    return FALSE;
}
