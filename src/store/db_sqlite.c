#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/error.h"
#include "store/db_sqlite.h"

#define BUSY_MS 5000 // only tools and backups can hold the lock (reliability.md F3)
#define VALUE_MAX (256 * 1024 * 1024)
#define DEADLINE_STEPS 20000 // virtual machine steps between looks at the clock

static void library_start(void) {
    static gsize started;
    if (!g_once_init_enter(&started))
        return;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
    g_once_init_leave(&started, 1);
}

static int deadline_passed(void *data) {
    const Db *db = data;
    return clock_monotonic() > db->deadline;
}

// Pages are cached by the kernel too, so connections keep little: idle memory counts.
static const char *const reader_pragmas = "PRAGMA query_only = ON;"
                                          "PRAGMA cache_size = -2048;"
                                          "PRAGMA trusted_schema = OFF;";
static const char *const writer_pragmas = "PRAGMA journal_mode = WAL;"
                                          "PRAGMA synchronous = FULL;"
                                          "PRAGMA foreign_keys = ON;"
                                          "PRAGMA wal_autocheckpoint = 0;"
                                          "PRAGMA cache_size = -16384;"
                                          "PRAGMA temp_store = MEMORY;"
                                          "PRAGMA secure_delete = FAST;"
                                          "PRAGMA trusted_schema = OFF;";

gboolean db_sqlite_execute(Db *db, const char *sql, GError **error) {
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || db_sqlite_fail(db, code, error);
}

static gboolean connection_prepare(Db *db, GError **error) {
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, VALUE_MAX);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (!db_sqlite_search_add(db, error))
        return FALSE;
    if (!db->is_reader)
        return db_sqlite_execute(db, writer_pragmas, error);
    sqlite3_progress_handler(db->handle, DEADLINE_STEPS, deadline_passed, db);
    return db_sqlite_execute(db, reader_pragmas, error);
}

static const int open_flags[] = {
    [DB_READ] = SQLITE_OPEN_READONLY,
    [DB_WRITE] = SQLITE_OPEN_READWRITE,
    [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
};

static Db *db_new(DbMode mode) {
    Db *db = g_new0(Db, 1);
    db->by_text = g_hash_table_new(g_str_hash, g_str_equal);
    db->is_reader = mode == DB_READ;
    db->deadline = G_MAXINT64;
    db->deferred = g_array_new(FALSE, FALSE, sizeof(Deferred));
    db->marks = g_array_new(FALSE, FALSE, sizeof(guint));
    g_queue_init(&db->idle);
    return db;
}

// SQLite makes files that others may read; its log files take the rights of the database.
static void file_make(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

Db *db_open(const char *path, DbMode mode, GError **error) {
    library_start();
    g_autoptr(Db) db = db_new(mode);
    if (mode == DB_CREATE)
        file_make(path);
    int flags = open_flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    int code = sqlite3_open_v2(path, &db->handle, flags, NULL);
    if (code != SQLITE_OK) {
        error_set(error, ERROR_UNAVAILABLE, "database_unreadable",
                  "cannot open the database %s: %s", path, sqlite3_errstr(code));
        return NULL;
    }
    return connection_prepare(db, error) ? g_steal_pointer(&db) : NULL;
}

void db_close(Db *db) {
    if (db == NULL)
        return;
    db_sqlite_statements_drop(db);
    g_hash_table_unref(db->by_text);
    db_sqlite_deferred_cut(db, 0);
    g_array_unref(db->deferred);
    g_array_unref(db->marks);
    int code = sqlite3_close(db->handle);
    g_assert(code == SQLITE_OK); // else rows were not freed
    g_free(db);
}

void db_shrink(Db *db) {
    sqlite3_db_release_memory(db->handle);
}

void db_interrupt(Db *db) {
    sqlite3_interrupt(db->handle);
}
