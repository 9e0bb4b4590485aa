// /api/v1/customers: who writes to us, by which addresses, over all channels.
#include "api/customer_load.h"
#include "api/message_query.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"

#define LIST_COLUMNS                                                                               \
    "SELECT customer.id, customer.name, customer.language, customer.created_at, (SELECT address "  \
    "FROM identity JOIN customer AS part ON part.id = identity.customer_id WHERE part.root_id = "  \
    "customer.id ORDER BY identity.id LIMIT 1) FROM customer "

static const RowsColumn list_columns[] = {
    {"id", COLUMN_ID},         {"name", COLUMN_TEXT},
    {"language", COLUMN_TEXT}, {"created_at", COLUMN_INSTANT},
    {"address", COLUMN_TEXT},  {0},
};

static const RowsColumn identity_columns[] = {
    {"id", COLUMN_ID},
    {"kind", COLUMN_TEXT},
    {"address", COLUMN_TEXT},
    {"name", COLUMN_TEXT},
    {"blocked_at", COLUMN_INSTANT},
    {"created_at", COLUMN_INSTANT},
    {"customer_id", COLUMN_ID},
    {0},
};

// An exact address, else all by id, newest first.
static gboolean write_list(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    GError *problem = NULL;
    Id last = 0;
    gint64 count = 0;
    const char *address = api_call_query(call, "address");
    Db *db = NULL;
    if (!page_read(call, 50, 200, &page, error) || (db = api_call_reader(call, error)) == NULL)
        return FALSE;
    g_autofree char *folded = address != NULL ? g_utf8_strdown(address, -1) : NULL;
    const DbValue values[] = {DB_INT(page.has_cursor ? page.id : G_MAXINT64),
                              DB_INT(page.limit + 1), DB_TEXT(folded),
                              DB_ID(api_call_viewer(call))};
    g_autoptr(DbRows) rows = db_query(
        db,
        address != NULL ? LIST_COLUMNS
            "WHERE customer.id IN (SELECT part.root_id FROM identity JOIN customer AS "
            "part ON part.id = identity.customer_id WHERE identity.kind IN (SELECT "
            "kind FROM channel) AND identity.scope = '' AND identity.address = $3) "
            "AND customer.id < $1 AND " VISIBLE_CUSTOMER("customer",
                                                         "$4") " ORDER BY "
                                                               "customer.id DESC LIMIT $2"
                        : LIST_COLUMNS
            "WHERE customer.merged_into IS NULL AND customer.id < $1 AND $3 IS NULL "
            "AND " VISIBLE_CUSTOMER("customer", "$4") " ORDER BY customer.id DESC LIMIT $2",
        values, G_N_ELEMENTS(values), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem) && count++ < page.limit) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, list_columns);
        json_text_end_object(text);
        last = db_rows_id(rows, 0);
    }
    json_text_end_array(text);
    g_autofree char *next = count > page.limit ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void answer_object(ApiCall *call, gboolean (*write)(ApiCall *, JsonText *, GError **)) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    gboolean written = write(call, &text, &error);
    json_text_end_object(&text);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void list_customers(ApiCall *call) {
    answer_object(call, write_list);
}

json_t *customer_load(Db *db, Id id, GError **error) {
    json_t *json = rows_load_one(db, list_columns,
                                 LIST_COLUMNS
                                 "WHERE customer.id = (SELECT root_id FROM customer WHERE id = $1)",
                                 DB_VALUES(DB_ID(id)), "customer_unknown", error);
    if (json == NULL)
        return NULL;
    GError *problem = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT identity.id, kind, address, identity.name, blocked_at, identity.created_at, "
        "customer_id FROM identity JOIN customer ON customer.id = identity.customer_id WHERE "
        "customer.root_id = (SELECT root_id FROM customer WHERE id = $1) ORDER BY identity.id",
        DB_VALUES(DB_ID(id)), &problem);
    json_text_begin_array(&text, NULL);
    while (rows != NULL && db_rows_next(rows, &problem)) {
        json_text_begin_object(&text, NULL);
        rows_write_members(&text, rows, identity_columns);
        json_text_end_object(&text);
    }
    json_text_end_array(&text);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        json_decref(json);
        return NULL;
    }
    json_object_set_new(json, "identities", json_loadb(text.out->str, text.out->len, 0, NULL));
    return json;
}

static void get_customer(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    json_t *json = db != NULL ? customer_load(db, id, &error) : NULL;
    if (json == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, json);
}

static char *timeline_sql(const Page *page) {
    return g_strdup_printf(
        "%s WHERE message.conversation_id IN (SELECT id FROM conversation WHERE customer_id IN "
        "(SELECT id FROM customer WHERE root_id = (SELECT root_id FROM customer WHERE id = $1)) "
        "AND " VISIBLE_CONVERSATION(
            "conversation", "$5") ") "
                                  "%s "
                                  "ORDER BY message.occurred_at DESC, message.id DESC LIMIT $2",
        message_query_columns,
        page->has_cursor ? "AND (message.occurred_at, message.id) < ($3, $4)"
                         : "AND $3 = $3 AND $4 IS NOT NULL");
}

// The newest first, over all conversations of the customer.
static gboolean write_timeline(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    GError *problem = NULL;
    g_autofree char *next = NULL;
    gint64 count = 0;
    Db *db = NULL;
    Id id = api_call_path_id(call, "customer", error);
    if (id == 0 || !page_read(call, 50, 200, &page, error) ||
        (db = api_call_reader(call, error)) == NULL)
        return FALSE;
    g_autofree char *sql = timeline_sql(&page);
    const DbValue values[] = {DB_ID(id), DB_INT(page.limit), DB_INT(page.key), DB_INT(page.id),
                              DB_ID(api_call_viewer(call))};
    g_autoptr(DbRows) rows = db_query(db, sql, values, G_N_ELEMENTS(values), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "items");
    while (problem == NULL && db_rows_next(rows, &problem)) {
        message_query_write_row(db, rows, FALSE, text, &problem);
        g_free(next);
        next = page_cursor(db_rows_int(rows, 16), db_rows_id(rows, 0));
        count++;
    }
    json_text_end_array(text);
    json_text_add_text(text, "next", count == page.limit ? next : NULL);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void make_timeline(ApiCall *call) {
    answer_object(call, write_timeline);
}

static void get_timeline(ApiCall *call) {
    api_call_work(call, make_timeline);
}

const ApiRoute api_customer_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/customers",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_customers,
     .query = PAGE_QUERY " address"},
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = get_customer},
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/timeline",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = get_timeline,
     .query = PAGE_QUERY},
    {0},
};
