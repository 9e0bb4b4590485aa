#include <sqlite3.h>
#include <string.h>

#include "base/error.h"
#include "store/db_sqlite.h"

#define FRAME_HEADER 24 // bytes before each page in the log
#define COPY_PAGES 2000 // a step of a copy; others write between steps

static int log_move(Db *db, int mode, int *frames) {
    int moved = 0;
    return sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, frames, &moved);
}

// What was moved is written back by the system now, not when the writer must wait for it.
static void database_sync(Db *db) {
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file) ==
            SQLITE_OK &&
        file != NULL && file->pMethods != NULL)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static int log_empty(Db *db, int *frames) {
    int code = log_move(db, SQLITE_CHECKPOINT_PASSIVE, frames);
    if (code != SQLITE_OK)
        return code;
    database_sync(db);
    return log_move(db, SQLITE_CHECKPOINT_TRUNCATE, frames);
}

gboolean db_checkpoint(Db *db, gboolean truncate, gint64 *log_bytes, GError **error) {
    // A connection that has not read the database yet checkpoints nothing and says OK.
    gint64 version = 0;
    gint64 page_size = 0;
    if (!db_query_int(db, "PRAGMA schema_version", DB_NO_VALUES, &version, NULL, error) ||
        !db_query_int(db, "PRAGMA page_size", DB_NO_VALUES, &page_size, NULL, error))
        return FALSE;
    int frames = 0;
    int code = truncate ? log_empty(db, &frames) : log_move(db, SQLITE_CHECKPOINT_PASSIVE, &frames);
    if (code != SQLITE_OK)
        return db_sqlite_fail(db, code, error);
    *log_bytes = frames < 0 ? 0 : (gint64)frames * (page_size + FRAME_HEADER);
    return TRUE;
}

static int pages_copy(sqlite3_backup *backup) {
    int code;
    do
        code = sqlite3_backup_step(backup, COPY_PAGES);
    while (code == SQLITE_OK);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

gboolean db_copy(Db *db, const char *path, GError **error) {
    g_autoptr(Db) copy = db_open(path, DB_CREATE, error);
    if (copy == NULL || !db_sqlite_execute(copy, "PRAGMA journal_mode = DELETE", error))
        return FALSE;
    // Within one read transaction, so that writers neither restart the copy nor show in it.
    if (!db_sqlite_execute(db, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", error))
        return FALSE;
    sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", db->handle, "main");
    int code = backup == NULL ? sqlite3_errcode(copy->handle) : pages_copy(backup);
    if (backup != NULL)
        sqlite3_backup_finish(backup);
    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return code == SQLITE_OK || db_sqlite_fail(copy, code, error);
}

gboolean db_check(Db *db, gboolean quick, GError **error) {
    const char *sql = quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)";
    g_autoptr(DbRows) rows = db_query(db, sql, DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    db->deadline = G_MAXINT64; // the one reading that may take as long as it needs
    g_autoptr(GError) failure = NULL;
    if (!db_rows_next(rows, &failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (strcmp(db_rows_text(rows, 0), "ok") == 0)
        return TRUE;
    error_set(error, ERROR_INTERNAL, "database_corrupt",
              "the database is damaged: restore a backup (%.200s)", db_rows_text(rows, 0));
    return FALSE;
}
