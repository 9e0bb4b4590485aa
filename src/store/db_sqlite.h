// Inside of the SQLite driver: shared by db_sqlite*.c and by nobody else.
#pragma once

#include "store/db_defer.h"
#include "store/db_open.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;

#define STATEMENT_SLOTS 256 // by address of the text; a power of two
#define STATEMENTS_KEPT 192 // prepared and idle, per connection
#define READ_LIMIT_MS 30000 // reliability.md F6

// A prepared statement, which is also the rows it gives.
struct DbRows {
    Db *db;
    sqlite3_stmt *statement;
    char *sql;
    GList link; // in Db.idle, oldest use first; data is this
    int columns;
    int parameters;
    guint8 *order; // parameter i is value order[i] ($1 is value 0)
    gboolean is_busy;
    gboolean is_kept; // in Db.by_text
};

typedef struct {
    DbDeferred run;
    gpointer data;
    GDestroyNotify release;
} Deferred;

struct Db {
    sqlite3 *handle;
    GHashTable *by_text;                 // sql -> DbRows, owned
    DbRows *by_address[STATEMENT_SLOTS]; // a faster way to the same, keyed by the text's address
    const char *addresses[STATEMENT_SLOTS];
    GQueue idle;
    gboolean is_reader;
    gboolean has_begun; // between db_begin and its end
    GArray *deferred;   // of Deferred; run before COMMIT
    GArray *marks;      // of guint: length of deferred at each open savepoint
    gboolean was_full;
    gboolean in_snapshot;
    gboolean takes_time; // no deadline
    gint64 deadline;     // readers: clock_monotonic; G_MAXINT64 when nothing runs
};

// Sets *error from a result code and remembers a full disk. FALSE, for the caller to return.
gboolean db_sqlite_fail(Db *db, int code, GError **error);

// Runs sql, a literal without parameters, without the cache.
gboolean db_sqlite_execute(Db *db, const char *sql, GError **error);

// Finalizes every statement; none may be busy.
void db_sqlite_statements_drop(Db *db);

// Puts the tokenizer and the ranking of the search index into a new connection.
gboolean db_sqlite_search_add(Db *db, GError **error);

// Frees what was put off, back to that length.
void db_sqlite_deferred_cut(Db *db, guint length);

// Sets the deadline of what is about to run on a reading connection. FALSE with an error
// (unavailable) once a snapshot has been held too long; it is ended then.
gboolean db_sqlite_deadline_set(Db *db, GError **error);
