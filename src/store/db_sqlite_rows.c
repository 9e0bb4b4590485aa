#include <sqlite3.h>

#include "store/db_sqlite.h"

static sqlite3_stmt *statement_at(DbRows *rows, int column) {
    g_assert(column >= 0 && column < rows->columns);
    return rows->statement;
}

gboolean db_rows_is_null(DbRows *rows, int column) {
    return sqlite3_column_type(statement_at(rows, column), column) == SQLITE_NULL;
}

gint64 db_rows_int(DbRows *rows, int column) {
    return sqlite3_column_int64(statement_at(rows, column), column);
}

double db_rows_real(DbRows *rows, int column) {
    return sqlite3_column_double(statement_at(rows, column), column);
}

const char *db_rows_text(DbRows *rows, int column) {
    return (const char *)sqlite3_column_text(statement_at(rows, column), column);
}

Id db_rows_id(DbRows *rows, int column) {
    return db_rows_int(rows, column);
}

Instant db_rows_instant(DbRows *rows, int column) {
    return db_rows_is_null(rows, column) ? INSTANT_NONE : db_rows_int(rows, column);
}

const void *db_rows_span(DbRows *rows, int column, gsize *length) {
    const void *data = sqlite3_column_blob(statement_at(rows, column), column);
    *length = (gsize)sqlite3_column_bytes(rows->statement, column);
    return data;
}

GBytes *db_rows_bytes(DbRows *rows, int column) {
    if (db_rows_is_null(rows, column))
        return NULL;
    gsize length;
    const void *data = db_rows_span(rows, column, &length);
    return g_bytes_new(data, length);
}
