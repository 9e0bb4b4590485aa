#include "store/exchange_write.h"

#include "base/error.h"
#include "base/json_text.h"
#include "store/blob.h"
#include "store/db_open.h"
#include "store/exchange_table.h"
#include "store/migration.h"

#define PIECE_BYTES (256 * 1024)
// What ISO 8601 can say with four digits of a year: 0001 to 9999.
#define INSTANT_FIRST (-G_GINT64_CONSTANT(62135596800000))
#define INSTANT_LAST G_GINT64_CONSTANT(253402300799999)

typedef struct {
    Store *store;
    Db *db;
    ExchangeSink sink;
    gpointer data;
    ExchangeFacts *facts;
    JsonText text;
} Export;

static gboolean piece_send(Export *export, GError **error) {
    GString *out = export->text.out;
    export->facts->bytes += (gint64)out->len;
    if (!export->sink(export->data, out->str, out->len, error))
        return FALSE;
    g_string_truncate(out, 0);
    return TRUE;
}

static void line_begin(Export *export, const char *record) {
    export->text.needs_comma = FALSE;
    json_text_begin_object(&export->text, NULL);
    json_text_add_text(&export->text, "record", record);
}

static gboolean line_end(Export *export, GError **error) {
    json_text_end_object(&export->text);
    g_string_append_c(export->text.out, '\n');
    export->facts->lines++;
    return export->text.out->len < PIECE_BYTES || piece_send(export, error);
}

static void base64_add(Export *export, const char *name, const void *data, gsize length) {
    g_autofree char *text = g_base64_encode(data, length);
    json_text_add_text(&export->text, name, text);
}

// Some columns say "none" by 0.
static void id_add(Export *export, const char *name, Id id) {
    if (id != 0)
        json_text_add_id(&export->text, name, id);
    else
        json_text_add_text(&export->text, name, "0");
}

static void instant_add(Export *export, const char *name, Instant instant) {
    if (instant >= INSTANT_FIRST && instant <= INSTANT_LAST)
        json_text_add_instant(&export->text, name, instant);
    else
        json_text_add_int(&export->text, name, instant);
}

static gboolean blob_bytes_add(Export *export, const char *name, DbRows *rows, int at,
                               GError **error) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, at, &length);
    g_autoptr(GBytes) bytes =
        length == SHA256_BYTES ? blob_read(export->store, export->db, sha256, error) : NULL;
    if (bytes == NULL)
        return FALSE;
    const void *data = g_bytes_get_data(bytes, &length);
    base64_add(export, name, data, length);
    return TRUE;
}

static gboolean value_add(Export *export, const ExchangeColumn *column, DbRows *rows, int at,
                          GError **error) {
    JsonText *text = &export->text;
    gsize length = 0;
    const void *span = NULL;
    switch (column->kind) {
    case EXCHANGE_TEXT:
        json_text_add_text(text, column->name, db_rows_text(rows, at));
        return TRUE;
    case EXCHANGE_INT:
        json_text_add_int(text, column->name, db_rows_int(rows, at));
        return TRUE;
    case EXCHANGE_ID:
        id_add(export, column->name, db_rows_id(rows, at));
        return TRUE;
    case EXCHANGE_INSTANT:
        instant_add(export, column->name, db_rows_instant(rows, at));
        return TRUE;
    case EXCHANGE_HEX:
        span = db_rows_span(rows, at, &length);
        json_text_add_hex(text, column->name, span != NULL ? span : "", length);
        return TRUE;
    case EXCHANGE_BASE64:
        span = db_rows_span(rows, at, &length);
        base64_add(export, column->name, span != NULL ? span : "", length);
        return TRUE;
    case EXCHANGE_BLOB:
        return blob_bytes_add(export, column->name, rows, at, error);
    }
    return TRUE;
}

// What is NULL is left out.
static gboolean row_write(Export *export, const ExchangeTable *table, const GArray *columns,
                          DbRows *rows, GError **error) {
    line_begin(export, table->name);
    for (guint at = 0; at < columns->len; at++) {
        const ExchangeColumn *column = &g_array_index(columns, ExchangeColumn, at);
        if (!db_rows_is_null(rows, (int)at) && !value_add(export, column, rows, (int)at, error))
            return FALSE;
    }
    return line_end(export, error);
}

// The bytes of a blob are found by its name.
static char *sql_of(const ExchangeTable *table, const GArray *columns) {
    GString *sql = g_string_new("SELECT ");
    for (guint at = 0; at < columns->len; at++) {
        const ExchangeColumn *column = &g_array_index(columns, ExchangeColumn, at);
        const char *name = column->kind == EXCHANGE_BLOB ? "sha256" : column->name;
        g_string_append_printf(sql, "%s%s", at > 0 ? ", " : "", name);
    }
    g_string_append_printf(sql, " FROM %s", table->name);
    if (table->where != NULL)
        g_string_append_printf(sql, " WHERE %s", table->where);
    g_string_append_printf(sql, " ORDER BY %s", table->order);
    return g_string_free(sql, FALSE);
}

static gboolean table_write(Export *export, const ExchangeTable *table, GError **error) {
    g_autoptr(GArray) columns = exchange_columns(table);
    g_autofree char *sql = sql_of(table, columns);
    g_autoptr(DbRows) rows = db_query(export->db, sql, DB_NO_VALUES, error);
    g_autoptr(GError) failure = NULL;
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure) && row_write(export, table, columns, rows, &failure))
        ;
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean header_write(Export *export, GError **error) {
    gint64 schema = 0;
    if (!db_query_int(export->db, "SELECT max(number) FROM migration", DB_NO_VALUES, &schema, NULL,
                      error))
        return FALSE;
    line_begin(export, "header");
    json_text_add_text(&export->text, "format", EXCHANGE_FORMAT);
    json_text_add_int(&export->text, "version", EXCHANGE_VERSION);
    json_text_add_int(&export->text, "schema", schema);
    json_text_begin_object(&export->text, "left_out");
    for (const ExchangeTable *table = exchange_tables; table->name != NULL; table++)
        if (table->because != NULL)
            json_text_add_text(&export->text, table->name, table->because);
    json_text_end_object(&export->text);
    return line_end(export, error);
}

static gboolean all_write(Export *export, GError **error) {
    if (!header_write(export, error))
        return FALSE;
    for (const ExchangeTable *table = exchange_tables; table->name != NULL; table++)
        if (table->columns != NULL && !table_write(export, table, error))
            return FALSE;
    line_begin(export, "end");
    json_text_add_int(&export->text, "lines", export->facts->lines + 1);
    return line_end(export, error) && piece_send(export, error);
}

gboolean exchange_write(Store *store, ExchangeSink sink, gpointer data, ExchangeFacts *facts,
                        GError **error) {
    g_autofree char *path = g_build_filename(store_directory(store), "dialogd.db", NULL);
    g_autoptr(Db) db = db_open(path, DB_READ, error);
    if (db == NULL)
        return FALSE;
    db_take_time(db);
    *facts = (ExchangeFacts){0};
    Export export = {.store = store, .db = db, .sink = sink, .data = data, .facts = facts};
    json_text_init(&export.text);
    gboolean written = db_snapshot_begin(db, error) && all_write(&export, error);
    db_snapshot_end(db);
    json_text_clear(&export.text);
    return written;
}
