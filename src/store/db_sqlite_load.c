// Filling a new database that nobody else reads.
#include <sqlite3.h>

#include "base/error.h"
#include "store/db_sqlite.h"

gboolean db_load_begin(Db *db, GError **error) {
    return db_sqlite_execute(db,
                             "PRAGMA journal_mode = MEMORY;"
                             "PRAGMA synchronous = OFF;"
                             "PRAGMA foreign_keys = OFF;",
                             error);
}

static gboolean references_check(Db *db, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, "PRAGMA foreign_key_check", DB_NO_VALUES, error);
    g_autoptr(GError) failure = NULL;
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure))
        error_set(&failure, ERROR_INVALID, "reference_missing",
                  "a row of %s names a row of %s that is not there", db_rows_text(rows, 0),
                  db_rows_text(rows, 2));
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean db_load_end(Db *db, GError **error) {
    return references_check(db, error) && db_sqlite_execute(db,
                                                            "PRAGMA foreign_keys = ON;"
                                                            "PRAGMA synchronous = FULL;"
                                                            "PRAGMA journal_mode = WAL;",
                                                            error);
}
