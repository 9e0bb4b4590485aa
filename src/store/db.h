// The database behind one door: statements with $1 placeholders, rows, transactions. Two drivers
// fit behind it (SQLite now); SQL is the common subset of SQLite and PostgreSQL (architecture.md
// "Store"). Used by store/ and by read-only queries of desk, reports and api. A connection belongs
// to one thread at a time.
#pragma once

#include <glib.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"

typedef struct Db Db;
typedef struct DbRows DbRows;

// One bound value. Make it with the macros below; texts and bytes are borrowed for the call.
typedef struct {
    enum { DB_VALUE_NULL, DB_VALUE_INTEGER, DB_VALUE_REAL, DB_VALUE_TEXT, DB_VALUE_BYTES } type;
    union {
        gint64 integer;
        double real;
        struct {
            const void *data;
            gsize length;
        } bytes;
    };
} DbValue;

DbValue db_value_text(const char *text);   // NULL -> NULL
DbValue db_value_bytes(GBytes *bytes);     // NULL -> NULL
DbValue db_value_id(Id id);                // 0 -> NULL
DbValue db_value_instant(Instant instant); // INSTANT_NONE -> NULL
#define DB_INT(value) ((DbValue){.type = DB_VALUE_INTEGER, .integer = (value)})
#define DB_REAL(value) ((DbValue){.type = DB_VALUE_REAL, .real = (value)})
#define DB_NULL ((DbValue){.type = DB_VALUE_NULL})
#define DB_TEXT(value) db_value_text(value)
#define DB_BYTES(value) db_value_bytes(value)
#define DB_SPAN(start, size)                                                                       \
    ((DbValue){.type = DB_VALUE_BYTES, .bytes = {.data = (start), .length = (size)}})
#define DB_ID(value) db_value_id(value)
#define DB_INSTANT(value) db_value_instant(value)
// The values of $1, $2 ... : db_run(db, sql, DB_VALUES(DB_INT(1), DB_TEXT("x")), error)
#define DB_VALUES(...)                                                                             \
    (const DbValue[]){__VA_ARGS__}, sizeof((const DbValue[]){__VA_ARGS__}) / sizeof(DbValue)
#define DB_NO_VALUES NULL, 0

// Runs one statement without looking at rows. Statements are prepared once per connection and kept
// by their text. FALSE with an error: conflict for a broken UNIQUE or foreign key, unavailable for
// a full disk, busy or I/O error, internal else.
gboolean db_run(Db *db, const char *sql, const DbValue *values, gsize count, GError **error);

// As db_run; gives how many rows it changed.
gboolean db_run_counted(Db *db, const char *sql, const DbValue *values, gsize count,
                        gint64 *changed, GError **error);

// Begins a query (also INSERT ... RETURNING). NULL with an error. End it with db_rows_free.
DbRows *db_query(Db *db, const char *sql, const DbValue *values, gsize count,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Steps to the next row. FALSE at the end and on failure; only then *error is set.
gboolean db_rows_next(DbRows *rows, GError **error);
void db_rows_free(DbRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbRows, db_rows_free)

// Columns of the present row, from 0. NULL reads as 0, 0.0, INSTANT_NONE, NULL. Texts and bytes are
// borrowed until the next step.
gboolean db_rows_is_null(DbRows *rows, int column);
gint64 db_rows_int(DbRows *rows, int column);
double db_rows_real(DbRows *rows, int column);
const char *db_rows_text(DbRows *rows, int column);
Id db_rows_id(DbRows *rows, int column);
Instant db_rows_instant(DbRows *rows, int column);
const void *db_rows_span(DbRows *rows, int column, gsize *length);
GBytes *db_rows_bytes(DbRows *rows,
                      int column) G_GNUC_WARN_UNUSED_RESULT; // owned copy; NULL for NULL

// The first column of the first row. *found is FALSE (and the value 0) when there is no row. FALSE
// with an error.
gboolean db_query_int(Db *db, const char *sql, const DbValue *values, gsize count, gint64 *value,
                      gboolean *found, GError **error);

// The first column of all rows, as ids. Owned GArray of Id; NULL with an error.
GArray *db_query_ids(Db *db, const char *sql, const DbValue *values, gsize count,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What a statement that was done or failed means to the caller: TRUE when done; a broken UNIQUE or
// foreign key as this error; any other problem (taken) as it is.
gboolean db_explain_conflict(gboolean done, GError *problem, ErrorKind kind, const char *code,
                             const char *text, GError **error);

// A savepoint: everything run in between is kept, or undone. They nest.
gboolean db_savepoint(Db *db, GError **error);
gboolean db_savepoint_release(Db *db, GError **error);
void db_savepoint_undo(Db *db);

// A snapshot for several queries that must agree; ends by itself after 30 s (reliability.md F6).
// Read connections only.
gboolean db_snapshot_begin(Db *db, GError **error);
void db_snapshot_end(Db *db);
