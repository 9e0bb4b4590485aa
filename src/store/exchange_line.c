#include "store/exchange_line.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "store/blob.h"
#include "store/exchange_write.h"
#include "store/migration.h"

#define COLUMNS_MAX 64

// A table with the statement that its lines run.
typedef struct {
    const ExchangeTable *table;
    GArray *columns; // of ExchangeColumn
    char *sql;
} Target;

struct ExchangeLines {
    Db *db;
    char *directory;
    GHashTable *targets; // name -> Target, owned
    gint64 count;
    gboolean has_begun;
    gboolean has_ended;
};

static char *sql_of(const Target *target) {
    GString *sql = g_string_new("INSERT INTO ");
    g_string_append_printf(sql, "%s (", target->table->name);
    for (guint at = 0; at < target->columns->len; at++)
        g_string_append_printf(sql, "%s%s", at > 0 ? ", " : "",
                               g_array_index(target->columns, ExchangeColumn, at).name);
    g_string_append(sql, ") VALUES (");
    for (guint at = 1; at <= target->columns->len; at++)
        g_string_append_printf(sql, "%s$%u", at > 1 ? ", " : "", at);
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}

static void target_free(gpointer data) {
    Target *target = data;
    g_array_unref(target->columns);
    g_free(target->sql);
    g_free(target);
}

ExchangeLines *exchange_lines_new(Db *db, const char *directory) {
    ExchangeLines *lines = g_new0(ExchangeLines, 1);
    lines->db = db;
    lines->directory = g_strdup(directory);
    lines->targets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, target_free);
    for (const ExchangeTable *table = exchange_tables; table->name != NULL; table++) {
        if (table->columns == NULL)
            continue;
        Target *target = g_new0(Target, 1);
        target->table = table;
        target->columns = exchange_columns(table);
        target->sql = sql_of(target);
        g_hash_table_insert(lines->targets, (gpointer)(guintptr)table->name, target);
        g_assert(target->columns->len <= COLUMNS_MAX);
    }
    return lines;
}

void exchange_lines_free(ExchangeLines *lines) {
    if (lines == NULL)
        return;
    g_hash_table_unref(lines->targets);
    g_free(lines->directory);
    g_free(lines);
}

gint64 exchange_lines_count(const ExchangeLines *lines) {
    return lines->count;
}

static gboolean invalid(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean invalid(GError **error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(error, ERROR_INVALID, "export_line", "%s", what);
    return FALSE;
}

static gboolean hex_decode(const char *text, GByteArray *bytes) {
    for (; g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]); text += 2) {
        guint8 byte = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    return *text == '\0';
}

static gboolean base64_decode(const char *text, GByteArray *bytes) {
    gsize length = strlen(text), decoded = 0;
    g_autofree guchar *data = g_base64_decode(text, &decoded);
    g_byte_array_append(bytes, data, (guint)decoded);
    return length % 4 == 0 && decoded <= length / 4 * 3 && decoded + 2 >= length / 4 * 3;
}

// Bytes that a value borrows live in kept.
static gboolean bytes_read(const ExchangeColumn *column, const char *text, GPtrArray *kept,
                           DbValue *value) {
    GByteArray *bytes = g_byte_array_new();
    g_ptr_array_add(kept, bytes);
    gboolean is_good =
        column->kind == EXCHANGE_HEX ? hex_decode(text, bytes) : base64_decode(text, bytes);
    *value = DB_SPAN(bytes->data != NULL ? bytes->data : (const guint8 *)"", bytes->len);
    return is_good;
}

static gboolean instant_read(const json_t *json, DbValue *value) {
    if (json_is_integer(json)) {
        *value = DB_INT(json_integer_value(json));
        return TRUE;
    }
    Instant instant =
        json_is_string(json) ? instant_parse(json_string_value(json), NULL) : INSTANT_NONE;
    *value = DB_INT(instant);
    return instant != INSTANT_NONE;
}

static gboolean value_read(const ExchangeColumn *column, const json_t *json, GPtrArray *kept,
                           DbValue *value) {
    const char *text = json_string_value(json);
    switch (column->kind) {
    case EXCHANGE_TEXT:
        *value = DB_TEXT(text);
        return text != NULL;
    case EXCHANGE_INT:
        *value = DB_INT(json_integer_value(json));
        return json_is_integer(json);
    case EXCHANGE_ID:
        *value = DB_INT(text != NULL ? id_parse(text, NULL) : 0);
        return value->integer != 0 || g_strcmp0(text, "0") == 0;
    case EXCHANGE_INSTANT:
        return instant_read(json, value);
    case EXCHANGE_HEX:
    case EXCHANGE_BASE64:
    case EXCHANGE_BLOB:
        return text != NULL && bytes_read(column, text, kept, value);
    }
    return FALSE;
}

static void kept_free(gpointer bytes) {
    g_byte_array_unref(bytes);
}

// A blob is kept as this program would keep it; its name must be its own.
static gboolean blob_run(ExchangeLines *lines, const DbValue *name, const DbValue *bytes,
                         GError **error) {
    g_autoptr(GBytes) plain = g_bytes_new_static(bytes->bytes.data, bytes->bytes.length);
    g_autoptr(Blob) blob = blob_prepare_in(lines->directory, plain, error);
    if (blob == NULL)
        return FALSE;
    if (name->bytes.length != SHA256_BYTES ||
        memcmp(name->bytes.data, blob_sha256(blob), SHA256_BYTES) != 0)
        return invalid(error, "the bytes are not those that sha256 names");
    return blob_add(lines->db, blob, error);
}

static gboolean row_run(ExchangeLines *lines, const Target *target, const DbValue *values,
                        GError **error) {
    const ExchangeColumn *last =
        &g_array_index(target->columns, ExchangeColumn, target->columns->len - 1);
    if (last->kind != EXCHANGE_BLOB)
        return db_run(lines->db, target->sql, values, target->columns->len, error);
    const DbValue *bytes = &values[target->columns->len - 1];
    if (bytes->type != DB_VALUE_BYTES || values[0].type != DB_VALUE_BYTES)
        return invalid(error, "a line of record \"%s\" without its bytes", target->table->name);
    return blob_run(lines, &values[0], bytes, error);
}

static gboolean row_add(ExchangeLines *lines, const Target *target, const json_t *json,
                        GError **error) {
    DbValue values[COLUMNS_MAX];
    gsize used = 1; // record
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(kept_free);
    for (guint at = 0; at < target->columns->len; at++) {
        const ExchangeColumn *column = &g_array_index(target->columns, ExchangeColumn, at);
        const json_t *member = json_object_get(json, column->name);
        values[at] = DB_NULL;
        if (member == NULL)
            continue;
        if (!value_read(column, member, kept, &values[at]))
            return invalid(error, "\"%s\" is not written as the export writes it", column->name);
        used++;
    }
    if (used != json_object_size(json))
        return invalid(error, "a member that lines of record \"%s\" do not have",
                       target->table->name);
    return row_run(lines, target, values, error);
}

static gboolean header_read(ExchangeLines *lines, const json_t *json, GError **error) {
    gint64 version = json_integer_value(json_object_get(json, "version"));
    gint64 schema = json_integer_value(json_object_get(json, "schema"));
    const char *format = json_string_value(json_object_get(json, "format"));
    int own = 0;
    if (g_strcmp0(format, EXCHANGE_FORMAT) != 0 || version != EXCHANGE_VERSION)
        return invalid(error, "this is no %s of version 1", EXCHANGE_FORMAT);
    if (!migration_number(lines->db, &own, error))
        return FALSE;
    if (schema != own) {
        error_set(error, ERROR_CONFLICT, "export_schema",
                  "the export has schema %d, this program %d: export with this version of "
                  "dialogd, or import with that one",
                  (int)schema, own);
        return FALSE;
    }
    lines->has_begun = TRUE;
    return TRUE;
}

static gboolean end_read(ExchangeLines *lines, const json_t *json, GError **error) {
    lines->has_ended = TRUE;
    return json_integer_value(json_object_get(json, "lines")) == lines->count ||
           invalid(error, "lines are missing: the last one counts more");
}

static gboolean object_add(ExchangeLines *lines, const json_t *json, GError **error) {
    const char *record = json_string_value(json_object_get(json, "record"));
    if (record == NULL)
        return invalid(error, "a line must be an object with a \"record\"");
    if (lines->has_ended)
        return invalid(error, "there are lines after the one of record \"end\"");
    if (!lines->has_begun && strcmp(record, "header") != 0)
        return invalid(error, "the first line must be of record \"header\"");
    if (!lines->has_begun)
        return header_read(lines, json, error);
    if (strcmp(record, "end") == 0)
        return end_read(lines, json, error);
    const Target *target = g_hash_table_lookup(lines->targets, record);
    return target != NULL ? row_add(lines, target, json, error)
                          : invalid(error, "there is no record \"%.40s\"", record);
}

gboolean exchange_lines_add(ExchangeLines *lines, const char *line, gsize length, GError **error) {
    json_error_t problem;
    json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &problem);
    lines->count++;
    gboolean added = FALSE;
    if (json == NULL)
        invalid(error, "no JSON: %s", problem.text);
    else
        added = object_add(lines, json, error);
    json_decref(json);
    if (!added)
        g_prefix_error(error, "line %" G_GINT64_FORMAT ": ", lines->count);
    return added;
}

gboolean exchange_lines_end(const ExchangeLines *lines, GError **error) {
    return lines->has_ended ||
           invalid(error, "the file ends too early: its last line must be of record \"end\"");
}
