// Rows of a query written straight into JSON, for lists that are no more than their columns. Used
// by the resources. A list with joins of its own reads its rows itself.
#pragma once

#include "api/call.h"
#include "base/json_text.h"

typedef enum {
    COLUMN_TEXT,
    COLUMN_INT,
    COLUMN_BOOL,
    COLUMN_ID,
    COLUMN_INSTANT,
    COLUMN_HEX, // bytes
    COLUMN_RAW, // JSON text as it stands
} RowsType;

// How the nth column of the query is written.
typedef struct {
    const char *name; // a NULL name ends the table
    RowsType type;
} RowsColumn;

// Members of the present row, without the braces.
void rows_write_members(JsonText *text, DbRows *rows, const RowsColumn *columns);

// Answers 200 with {"items": [...]} of all rows, or the failure.
void rows_answer_list(ApiCall *call, const RowsColumn *columns, const char *sql,
                      const DbValue *values, gsize count);

// Answers with the one row as an object; not found with this code and text when there is none. A
// column "version" becomes the ETag.
void rows_answer_one(ApiCall *call, const RowsColumn *columns, const char *sql,
                     const DbValue *values, gsize count, const char *missing_code);

// All rows as a JSON array, for what adds to them. NULL with an error.
json_t *rows_load_list(Db *db, const RowsColumn *columns, const char *sql, const DbValue *values,
                       gsize count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The one row as JSON, for the answer of an ApiWrite. NULL with an error (not found).
json_t *rows_load_one(Db *db, const RowsColumn *columns, const char *sql, const DbValue *values,
                      gsize count, const char *missing_code,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
