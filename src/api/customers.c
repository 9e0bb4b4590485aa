// /api/v1/customers: who writes to us, by which addresses, over all channels.
#include "api/customer_list.h"
#include "api/customer_load.h"
#include "api/message_query.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"

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

static void make_list(ApiCall *call) {
    answer_object(call, customer_list_write);
}

static void list_customers(ApiCall *call) {
    api_call_work(call, make_list);
}

static void get_customer(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !customer_answer(call, db, id, 200, &error))
        api_call_fail(call, error);
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
     .query = PAGE_QUERY CUSTOMER_LIST_QUERY},
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
