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

void db_sqlite_deferred_cut(Db *db, guint length) {
    for (guint i = length; i < db->deferred->len; i++) {
        Deferred *deferred = &g_array_index(db->deferred, Deferred, i);
        deferred->release(deferred->data);
    }
    g_array_set_size(db->deferred, length);
}

static void transaction_end(Db *db) {
    db->has_begun = FALSE;
    db_sqlite_deferred_cut(db, 0);
    g_array_set_size(db->marks, 0);
}

static gboolean deferred_run(Db *db, GError **error) {
    for (guint i = 0; i < db->deferred->len; i++) {
        Deferred *deferred = &g_array_index(db->deferred, Deferred, i);
        if (!deferred->run(db, deferred->data, error))
            return FALSE;
    }
    return TRUE;
}

gboolean db_defer(Db *db, DbDeferred run, gpointer data, GDestroyNotify release, GError **error) {
    if (db->has_begun) {
        Deferred deferred = {run, data, release};
        g_array_append_val(db->deferred, deferred);
        return TRUE;
    }
    gboolean done = run(db, data, error);
    release(data);
    return done;
}

gboolean db_commit(Db *db, GError **error) {
    if (!deferred_run(db, error) || !db_run(db, "COMMIT", DB_NO_VALUES, error))
        return FALSE;
    transaction_end(db);
    return TRUE;
}

void db_rollback(Db *db) {
    transaction_end(db);
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
    if (!db_run(db, "SAVEPOINT inner", DB_NO_VALUES, error))
        return FALSE;
    g_array_append_val(db->marks, db->deferred->len);
    return TRUE;
}

// The mark of the innermost savepoint, which ends; without one, all that was put off.
static guint mark_pop(Db *db) {
    if (db->marks->len == 0)
        return 0;
    guint mark = g_array_index(db->marks, guint, db->marks->len - 1);
    g_array_set_size(db->marks, db->marks->len - 1);
    return mark;
}

gboolean db_savepoint_release(Db *db, GError **error) {
    mark_pop(db);
    return db_run(db, "RELEASE inner", DB_NO_VALUES, error);
}

void db_savepoint_undo(Db *db) {
    db_sqlite_deferred_cut(db, mark_pop(db));
    if (db_run(db, "ROLLBACK TO inner", DB_NO_VALUES, NULL))
        db_run(db, "RELEASE inner", DB_NO_VALUES, NULL);
}

gboolean db_sqlite_deadline_set(Db *db, GError **error) {
    if (!db->is_reader || db->takes_time)
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

void db_take_time(Db *db) {
    db->takes_time = TRUE;
    db->deadline = G_MAXINT64;
}

gboolean db_snapshot_begin(Db *db, GError **error) {
    g_assert(db->is_reader && !db->in_snapshot);
    if (!db_run(db, "BEGIN", DB_NO_VALUES, error))
        return FALSE;
    db->in_snapshot = TRUE;
    db->deadline = db->takes_time ? G_MAXINT64 : clock_monotonic() + READ_LIMIT_MS;
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
