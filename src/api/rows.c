#include "api/rows.h"

#include <string.h>

#include "base/error.h"

static void write_member(JsonText *text, DbRows *rows, int at, const RowsColumn *column) {
    gsize length = 0;
    const void *bytes;
    switch (column->type) {
    case COLUMN_TEXT:
        json_text_add_text(text, column->name, db_rows_text(rows, at));
        break;
    case COLUMN_INT:
        if (db_rows_is_null(rows, at))
            json_text_add_null(text, column->name);
        else
            json_text_add_int(text, column->name, db_rows_int(rows, at));
        break;
    case COLUMN_BOOL:
        json_text_add_bool(text, column->name, db_rows_int(rows, at) != 0);
        break;
    case COLUMN_ID:
        json_text_add_id(text, column->name, db_rows_id(rows, at));
        break;
    case COLUMN_INSTANT:
        json_text_add_instant(text, column->name, db_rows_instant(rows, at));
        break;
    case COLUMN_HEX:
        bytes = db_rows_span(rows, at, &length);
        json_text_add_hex(text, column->name, bytes, length);
        break;
    case COLUMN_RAW:
    default:
        json_text_add_raw(text, column->name, db_rows_text(rows, at));
    }
}

void rows_write_members(JsonText *text, DbRows *rows, const RowsColumn *columns) {
    for (int at = 0; columns[at].name != NULL; at++)
        write_member(text, rows, at, &columns[at]);
}

static gboolean write_items(JsonText *text, DbRows *rows, const RowsColumn *columns,
                            GError **error) {
    GError *problem = NULL;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
    }
    json_text_end_array(text);
    json_text_end_object(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

void rows_answer_list(ApiCall *call, const RowsColumn *columns, const char *sql,
                      const DbValue *values, gsize count) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = api_call_reader(call, &error);
    g_autoptr(DbRows) rows = db != NULL ? db_query(db, sql, values, count, &error) : NULL;
    gboolean written = rows != NULL && write_items(&text, rows, columns, &error);
    g_clear_pointer(&rows, db_rows_free);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

json_t *rows_load_list(Db *db, const RowsColumn *columns, const char *sql, const DbValue *values,
                       gsize count, GError **error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL || !write_items(&text, rows, columns, error))
        return NULL;
    json_t *list = json_loadb(text.out->str, text.out->len, 0, NULL);
    json_t *items = json_incref(json_object_get(list, "items"));
    json_decref(list);
    return items;
}

json_t *rows_load_one(Db *db, const RowsColumn *columns, const char *sql, const DbValue *values,
                      gsize count, const char *missing_code, GError **error) {
    GError *problem = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return NULL;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_NOT_FOUND, missing_code, "there is no such thing");
        g_propagate_error(error, problem);
        return NULL;
    }
    json_text_begin_object(&text, NULL);
    rows_write_members(&text, rows, columns);
    json_text_end_object(&text);
    json_t *json = json_loadb(text.out->str, text.out->len, 0, NULL);
    g_assert(json != NULL);
    return json;
}

void rows_answer_one(ApiCall *call, const RowsColumn *columns, const char *sql,
                     const DbValue *values, gsize count, const char *missing_code) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    json_t *json =
        db != NULL ? rows_load_one(db, columns, sql, values, count, missing_code, &error) : NULL;
    if (json == NULL) {
        api_call_fail(call, error);
        return;
    }
    const json_t *version = json_object_get(json, "version");
    if (version != NULL)
        api_call_add_version(call, json_integer_value(version));
    api_call_answer_json(call, 200, json);
}
