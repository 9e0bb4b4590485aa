// The list of /api/v1/customers: by words, address, company and field, the newest first.
#include "api/customer_list.h"

#include "api/page.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/customer_field.h"
#include "store/customer_word.h"

#define MATCHES_MAX "20000" // of one beginning: enough for people, bounded for one letter

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},         {"version", COLUMN_INT},
    {"name", COLUMN_TEXT},     {"language", COLUMN_TEXT},
    {"company_id", COLUMN_ID}, {"created_at", COLUMN_INSTANT},
    {"address", COLUMN_TEXT},  {0},
};

// The query as it grows.
typedef struct {
    GString *sql;
    GArray *values;   // of DbValue
    GPtrArray *texts; // what the values borrow
} Query;

static void query_clear(Query *query) {
    g_string_free(query->sql, TRUE);
    g_array_unref(query->values);
    g_ptr_array_unref(query->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_clear)

// The number of its placeholder.
static guint bind(Query *query, DbValue value) {
    g_array_append_val(query->values, value);
    return query->values->len;
}

static guint bind_text(Query *query, char *text) {
    g_ptr_array_add(query->texts, text);
    return bind(query, DB_TEXT(text));
}

static void add_word(Query *query, const char *word) {
    guint from = bind_text(query, g_strdup(word));
    guint to = bind_text(query, customer_word_end(word));
    g_string_append_printf(query->sql,
                           "AND customer.id IN (SELECT root_id FROM (SELECT part.root_id FROM"
                           " customer_word JOIN customer AS part ON part.id ="
                           " customer_word.customer_id WHERE word >= $%u AND word < $%u"
                           " LIMIT " MATCHES_MAX ") AS matched) ",
                           from, to);
}

static void add_words(Query *query, const char *text) {
    g_autoptr(GPtrArray) words = customer_word_of_query(text);
    for (guint at = 0; at < words->len; at++)
        add_word(query, words->pdata[at]);
    if (words->len == 0)
        g_string_append(query->sql, "AND 1 = 0 ");
}

static void add_address(Query *query, const char *address) {
    guint place = bind_text(query, g_utf8_strdown(address, -1));
    g_string_append_printf(
        query->sql,
        "AND customer.id IN (SELECT part.root_id FROM identity JOIN customer AS part ON part.id ="
        " identity.customer_id WHERE identity.kind IN (SELECT kind FROM channel UNION SELECT"
        " 'email' UNION SELECT 'phone') AND identity.scope = '' AND identity.address = $%u) ",
        place);
}

static void add_company(Query *query, Id company_id) {
    g_string_append_printf(query->sql, "AND customer.company_id = $%u ",
                           bind(query, DB_ID(company_id)));
}

static gboolean add_field(Db *db, Query *query, const char *key, const char *value,
                          GError **error) {
    Id field_id = 0;
    char *text = customer_field_search(db, key, value, &field_id, error);
    if (text == NULL)
        return FALSE;
    guint field = bind(query, DB_ID(field_id));
    g_string_append_printf(query->sql,
                           "AND customer.id IN (SELECT customer_id FROM customer_field WHERE"
                           " field_id = $%u AND value = $%u) ",
                           field, bind_text(query, text));
    return TRUE;
}

static gboolean add_filters(const ApiCall *call, Db *db, Query *query, GError **error) {
    const char *words = api_call_query(call, "search");
    const char *address = api_call_query(call, "address");
    Id company_id = 0;
    if (!api_call_query_id(call, "company", &company_id, error))
        return FALSE;
    if (words != NULL)
        add_words(query, words);
    if (address != NULL)
        add_address(query, address);
    if (company_id != 0)
        add_company(query, company_id);
    const char *field = api_call_query(call, "field");
    const char *value = api_call_query(call, "value");
    return field == NULL || add_field(db, query, field, value != NULL ? value : "", error);
}

static gboolean write_rows(JsonText *text, DbRows *rows, const Page *page, GError **error) {
    GError *problem = NULL;
    Id last = 0;
    gint64 count = 0;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem) && count++ < page->limit) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
        last = db_rows_id(rows, 0);
    }
    json_text_end_array(text);
    g_autofree char *next = count > page->limit ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean customer_list_write(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    Db *db = NULL;
    if (!page_read(call, 50, 200, &page, error) || (db = api_call_reader(call, error)) == NULL)
        return FALSE;
    g_auto(Query) query = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(DbValue)),
                           g_ptr_array_new_with_free_func(g_free)};
    bind(&query, DB_INT(page.has_cursor ? page.id : G_MAXINT64));
    bind(&query, DB_INT(page.limit + 1));
    bind(&query, DB_ID(api_call_viewer(call)));
    g_string_append(
        query.sql,
        "SELECT customer.id, version, customer.name, customer.language, company_id,"
        " customer.created_at, (SELECT address FROM identity JOIN customer AS part ON part.id ="
        " identity.customer_id WHERE part.root_id = customer.id ORDER BY identity.id LIMIT 1) FROM"
        " customer WHERE customer.merged_into IS NULL AND customer.erased_at IS NULL AND"
        " customer.id < $1 ");
    if (!add_filters(call, db, &query, error))
        return FALSE;
    g_string_append(query.sql, "AND " VISIBLE_CUSTOMER("customer", "$3"));
    g_string_append(query.sql, " ORDER BY customer.id DESC LIMIT $2");
    g_autoptr(DbRows) rows =
        db_query(db, query.sql->str, (const DbValue *)(gconstpointer)query.values->data,
                 query.values->len, error);
    return rows != NULL && write_rows(text, rows, &page, error);
}
