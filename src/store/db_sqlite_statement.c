#include <sqlite3.h>
#include <string.h>

#include "base/error.h"
#include "store/db_sqlite.h"

static void statement_free(DbRows *rows) {
    sqlite3_finalize(rows->statement);
    g_free(rows->sql);
    g_free(rows->order);
    g_free(rows);
}

static gsize slot_of(const char *sql) {
    guint64 address = (guint64)(guintptr)sql;
    return (gsize)((address * 0x9E3779B97F4A7C15ULL) >> 56) & (STATEMENT_SLOTS - 1);
}

static void statement_forget(Db *db, DbRows *rows) {
    for (gsize i = 0; i < STATEMENT_SLOTS; i++)
        if (db->by_address[i] == rows)
            db->by_address[i] = NULL;
    g_hash_table_remove(db->by_text, rows->sql);
}

void db_sqlite_statements_drop(Db *db) {
    GHashTableIter iter;
    gpointer rows;
    g_hash_table_iter_init(&iter, db->by_text);
    while (g_hash_table_iter_next(&iter, NULL, &rows))
        statement_free(rows);
    g_hash_table_remove_all(db->by_text);
    memset(db->by_address, 0, sizeof db->by_address);
    g_queue_init(&db->idle);
}

// $1, $2 ... are names to SQLite, numbered by first appearance; values come in numeric order.
static gboolean order_read(DbRows *rows, GError **error) {
    rows->parameters = sqlite3_bind_parameter_count(rows->statement);
    rows->order = g_new(guint8, (gsize)rows->parameters + 1);
    for (int i = 0; i < rows->parameters; i++) {
        const char *name = sqlite3_bind_parameter_name(rows->statement, i + 1);
        guint64 number = 0;
        if (name == NULL || !g_ascii_string_to_unsigned(name + 1, 10, 1, 255, &number, NULL)) {
            error_set(error, ERROR_INTERNAL, "parameter_unknown", "parameters are $1 to $255");
            return FALSE;
        }
        rows->order[i] = (guint8)(number - 1);
    }
    return TRUE;
}

static DbRows *statement_new(Db *db, const char *sql, GError **error) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (code != SQLITE_OK) {
        db_sqlite_fail(db, code, error);
        return NULL;
    }
    DbRows *rows = g_new0(DbRows, 1);
    rows->db = db;
    rows->statement = statement;
    rows->sql = g_strdup(sql);
    rows->link.data = rows;
    rows->columns = sqlite3_column_count(statement);
    if (order_read(rows, error))
        return rows;
    statement_free(rows);
    return NULL;
}

static void statement_keep(Db *db, DbRows *rows) {
    if (db->idle.length >= STATEMENTS_KEPT) {
        DbRows *oldest = db->idle.head->data;
        g_queue_unlink(&db->idle, &oldest->link);
        statement_forget(db, oldest);
        statement_free(oldest);
    }
    g_hash_table_insert(db->by_text, rows->sql, rows);
    rows->is_kept = TRUE;
}

static DbRows *statement_find(Db *db, const char *sql) {
    gsize slot = slot_of(sql);
    DbRows *rows = db->by_address[slot];
    if (rows != NULL && db->addresses[slot] == sql && strcmp(rows->sql, sql) == 0)
        return rows;
    rows = g_hash_table_lookup(db->by_text, sql);
    if (rows != NULL) {
        db->by_address[slot] = rows;
        db->addresses[slot] = sql;
    }
    return rows;
}

// Busy from now on. A statement that is in use already is prepared a second time for this use.
static DbRows *statement_take(Db *db, const char *sql, GError **error) {
    DbRows *rows = statement_find(db, sql);
    if (rows != NULL && !rows->is_busy) {
        g_queue_unlink(&db->idle, &rows->link);
        rows->is_busy = TRUE;
        return rows;
    }
    gboolean is_second = rows != NULL;
    rows = statement_new(db, sql, error);
    if (rows == NULL)
        return NULL;
    if (!is_second)
        statement_keep(db, rows);
    rows->is_busy = TRUE;
    return rows;
}

static void statement_give(DbRows *rows) {
    sqlite3_reset(rows->statement);
    rows->is_busy = FALSE;
    if (rows->is_kept)
        g_queue_push_tail_link(&rows->db->idle, &rows->link);
    else
        statement_free(rows);
}

static void value_bind(sqlite3_stmt *statement, int at, const DbValue *value, gboolean copied) {
    sqlite3_destructor_type kept = copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    const void *data = value->bytes.data != NULL ? value->bytes.data : "";
    switch (value->type) {
    case DB_VALUE_NULL:
        sqlite3_bind_null(statement, at);
        break;
    case DB_VALUE_INTEGER:
        sqlite3_bind_int64(statement, at, value->integer);
        break;
    case DB_VALUE_REAL:
        sqlite3_bind_double(statement, at, value->real);
        break;
    case DB_VALUE_TEXT:
        sqlite3_bind_text64(statement, at, data, value->bytes.length, kept, SQLITE_UTF8);
        break;
    case DB_VALUE_BYTES:
        sqlite3_bind_blob64(statement, at, data, value->bytes.length, kept);
        break;
    }
}

static void values_bind(DbRows *rows, const DbValue *values, gsize count, gboolean copied) {
    for (int i = 0; i < rows->parameters; i++) {
        g_assert(rows->order[i] < count); // every $n of the text has its value
        value_bind(rows->statement, i + 1, &values[rows->order[i]], copied);
    }
}

// A statement run after the database took the transaction back would be kept on its own.
static gboolean transaction_stands(Db *db, GError **error) {
    if (!db->has_begun || !sqlite3_get_autocommit(db->handle))
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "transaction_lost",
              "the database took the transaction back: try again later");
    return FALSE;
}

static DbRows *statement_begin(Db *db, const char *sql, const DbValue *values, gsize count,
                               gboolean copied, GError **error) {
    if (!transaction_stands(db, error) || !db_sqlite_deadline_set(db, error))
        return NULL;
    DbRows *rows = statement_take(db, sql, error);
    if (rows != NULL)
        values_bind(rows, values, count, copied);
    return rows;
}

gboolean db_run(Db *db, const char *sql, const DbValue *values, gsize count, GError **error) {
    DbRows *rows = statement_begin(db, sql, values, count, FALSE, error);
    if (rows == NULL)
        return FALSE;
    int code;
    do
        code = sqlite3_step(rows->statement);
    while (code == SQLITE_ROW);
    gboolean done = code == SQLITE_DONE || db_sqlite_fail(db, code, error);
    statement_give(rows);
    return done;
}

gboolean db_run_counted(Db *db, const char *sql, const DbValue *values, gsize count,
                        gint64 *changed, GError **error) {
    if (!db_run(db, sql, values, count, error))
        return FALSE;
    *changed = sqlite3_changes64(db->handle);
    return TRUE;
}

gint64 db_last_number(Db *db) {
    return sqlite3_last_insert_rowid(db->handle);
}

DbRows *db_query(Db *db, const char *sql, const DbValue *values, gsize count, GError **error) {
    return statement_begin(db, sql, values, count, TRUE, error);
}

gboolean db_rows_next(DbRows *rows, GError **error) {
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW)
        return TRUE;
    if (code != SQLITE_DONE)
        db_sqlite_fail(rows->db, code, error);
    sqlite3_reset(rows->statement);
    return FALSE;
}

void db_rows_free(DbRows *rows) {
    if (rows != NULL)
        statement_give(rows);
}

gboolean db_query_int(Db *db, const char *sql, const DbValue *values, gsize count, gint64 *value,
                      gboolean *found, GError **error) {
    DbRows *rows = statement_begin(db, sql, values, count, FALSE, error);
    if (rows == NULL)
        return FALSE;
    int code = sqlite3_step(rows->statement);
    gboolean is_there = code == SQLITE_ROW;
    gint64 first = is_there ? sqlite3_column_int64(rows->statement, 0) : 0;
    while (code == SQLITE_ROW && !sqlite3_stmt_readonly(rows->statement))
        code = sqlite3_step(rows->statement); // what writes is run to its end
    gboolean good = code == SQLITE_ROW || code == SQLITE_DONE;
    if (good)
        *value = first;
    else
        db_sqlite_fail(db, code, error);
    if (good && found != NULL)
        *found = is_there;
    statement_give(rows);
    return good;
}
