#include <sqlite3.h>

#include "base/error.h"
#include "store/db_sqlite.h"

typedef struct {
    int code; // primary or extended result code of SQLite
    ErrorKind kind;
    const char *word;
    const char *sentence;
} Cause;

// Extended codes stand before their primary ones.
static const Cause causes[] = {
    {SQLITE_CONSTRAINT_UNIQUE, ERROR_CONFLICT, "not_unique", "a row with that key exists"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ERROR_CONFLICT, "not_unique", "a row with that key exists"},
    {SQLITE_CONSTRAINT_ROWID, ERROR_CONFLICT, "not_unique", "a row with that key exists"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, ERROR_CONFLICT, "reference_broken",
     "a row that is named does not exist, or is still named by another"},
    {SQLITE_FULL, ERROR_UNAVAILABLE, "disk_full", "the disk is full: free space for the database"},
    {SQLITE_BUSY, ERROR_UNAVAILABLE, "database_busy", "another program holds the database"},
    {SQLITE_LOCKED, ERROR_UNAVAILABLE, "database_busy", "the database is locked"},
    {SQLITE_IOERR, ERROR_UNAVAILABLE, "database_io", "reading or writing the database failed"},
    {SQLITE_CANTOPEN, ERROR_UNAVAILABLE, "database_io", "a file of the database does not open"},
    {SQLITE_READONLY, ERROR_UNAVAILABLE, "database_read_only", "the database is read-only"},
    {SQLITE_NOMEM, ERROR_UNAVAILABLE, "no_memory", "no memory for the database"},
    {SQLITE_INTERRUPT, ERROR_UNAVAILABLE, "query_too_long", "the query took longer than 30 s"},
    {SQLITE_TOOBIG, ERROR_TOO_LARGE, "value_too_large", "a value is too large for the database"},
    {SQLITE_CORRUPT, ERROR_INTERNAL, "database_corrupt",
     "the database is damaged: restore a backup"},
    {SQLITE_NOTADB, ERROR_INTERNAL, "database_corrupt", "this is no database of dialogd"},
};

static const Cause *cause_find(int code) {
    for (gsize i = 0; i < G_N_ELEMENTS(causes); i++)
        if (causes[i].code == code)
            return &causes[i];
    return (code & 0xff) == code ? NULL : cause_find(code & 0xff);
}

gboolean db_sqlite_fail(Db *db, int code, GError **error) {
    if ((code & 0xff) == SQLITE_FULL)
        db->was_full = TRUE;
    const Cause *cause = cause_find(code);
    const char *detail = sqlite3_errmsg(db->handle);
    if (cause == NULL)
        error_set(error, ERROR_INTERNAL, "database_error", "%s (%d)", detail, code);
    else
        error_set(error, cause->kind, cause->word, "%s (%s, %d)", cause->sentence, detail, code);
    return FALSE;
}
