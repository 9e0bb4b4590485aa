#include <sqlite3.h>

#include "base/error.h"
#include "store/db_sqlite.h"

gboolean db_begin(Db *db, GError **error) {
    db->was_full = FALSE;
    if (!db_run(db, "BEGIN IMMEDIATE", DB_NO_VALUES, error))
        return FALSE;
    db->has_begun = TRUE;
    return TRUE;
}

gboolean db_commit(Db *db, GError **error) {
    if (!db_run(db, "COMMIT", DB_NO_VALUES, error))
        return FALSE;
    db->has_begun = FALSE;
    return TRUE;
}

void db_rollback(Db *db) {
    db->has_begun = FALSE;
    if (!sqlite3_get_autocommit(db->handle))
        db_run(db, "ROLLBACK", DB_NO_VALUES, NULL);
}

gboolean db_in_transaction(Db *db) {
    return !sqlite3_get_autocommit(db->handle);
}

gboolean db_is_full(Db *db) {
    return db->was_full;
}

// All of one name: the innermost is meant, so the three texts are prepared once.
gboolean db_savepoint(Db *db, GError **error) {
    return db_run(db, "SAVEPOINT inner", DB_NO_VALUES, error);
}

gboolean db_savepoint_release(Db *db, GError **error) {
    return db_run(db, "RELEASE inner", DB_NO_VALUES, error);
}

void db_savepoint_undo(Db *db) {
    if (db_run(db, "ROLLBACK TO inner", DB_NO_VALUES, NULL))
        db_run(db, "RELEASE inner", DB_NO_VALUES, NULL);
}

gboolean db_sqlite_deadline_set(Db *db, GError **error) {
    if (!db->is_reader)
        return TRUE;
    gint64 now = clock_monotonic();
    if (!db->in_snapshot) {
        db->deadline = now + READ_LIMIT_MS;
        return TRUE;
    }
    if (now <= db->deadline)
        return TRUE;
    db_snapshot_end(db);
    error_set(error, ERROR_UNAVAILABLE, "snapshot_too_long",
              "the snapshot was held for more than 30 s");
    return FALSE;
}

gboolean db_snapshot_begin(Db *db, GError **error) {
    g_assert(db->is_reader && !db->in_snapshot);
    if (!db_run(db, "BEGIN", DB_NO_VALUES, error))
        return FALSE;
    db->in_snapshot = TRUE;
    db->deadline = clock_monotonic() + READ_LIMIT_MS;
    // SQLite takes the snapshot with the first read, not with BEGIN.
    gint64 pages;
    return db_query_int(db, "SELECT count(*) FROM sqlite_schema", DB_NO_VALUES, &pages, NULL,
                        error);
}

void db_snapshot_end(Db *db) {
    db->in_snapshot = FALSE;
    if (!sqlite3_get_autocommit(db->handle))
        db_run(db, "ROLLBACK", DB_NO_VALUES, NULL);
}
