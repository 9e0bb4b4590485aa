// Customers who may be one person: who else has the address, the number, or the name and company;
// and what a merge would join.
#include "api/customer_load.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"

#define OWN "(SELECT id FROM customer WHERE root_id = (SELECT root_id FROM customer WHERE id = $1))"

// The same address in another kind or channel, a number with and without its plus; the same name in
// the same company. Each walks an index.
#define LIKELY                                                                                     \
    "WITH own (address) AS (SELECT address FROM identity WHERE customer_id IN " OWN                \
    " UNION SELECT replace(address, '+', '') FROM identity WHERE customer_id IN " OWN              \
    " AND kind = 'phone' UNION SELECT '+' || address FROM identity WHERE customer_id IN " OWN      \
    "), place (kind, scope) AS (SELECT kind, '' FROM channel UNION SELECT kind, CAST(id AS TEXT) " \
    "FROM channel UNION SELECT 'phone', '' UNION SELECT 'email', ''), likely (id, reason) AS "     \
    "(SELECT customer.root_id, 'same_address' FROM own JOIN place ON 1 = 1 JOIN identity ON "      \
    "identity.kind = place.kind AND identity.scope = place.scope AND identity.address = "          \
    "own.address JOIN customer ON customer.id = identity.customer_id UNION SELECT other.root_id, " \
    "'same_name_and_company' FROM customer JOIN customer AS other ON other.company_id = "          \
    "customer.company_id AND lower(other.name) = lower(customer.name) WHERE customer.id = "        \
    "(SELECT root_id FROM customer WHERE id = $1) AND customer.name <> '') "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},         {"name", COLUMN_TEXT},
    {"company_id", COLUMN_ID}, {"created_at", COLUMN_INSTANT},
    {"reason", COLUMN_TEXT},   {0},
};

static void make_list(ApiCall *call) {
    Id id = api_call_path_id(call, "customer", NULL);
    rows_answer_list(call, columns,
                     LIKELY "SELECT customer.id, customer.name, company_id, created_at, "
                            "min(reason) FROM likely JOIN customer ON customer.id = likely.id "
                            "WHERE customer.id <> (SELECT root_id FROM customer WHERE id = $1) AND "
                            "customer.erased_at IS NULL AND " VISIBLE_CUSTOMER(
                                "customer", "$2") " GROUP BY customer.id, customer.name, "
                                                  "company_id, created_at ORDER BY customer.id "
                                                  "LIMIT 50",
                     DB_VALUES(DB_ID(id), DB_ID(api_call_viewer(call))));
}

static void list_duplicates(ApiCall *call) {
    GError *error = NULL;
    if (api_call_path_id(call, "customer", &error) != 0)
        api_call_work(call, make_list);
    else
        api_call_fail(call, error);
}

// Those that the viewer may see.
static gboolean count_conversations(Db *db, Id id, Id viewer, gint64 *number, GError **error) {
    gboolean found;
    return db_query_int(
        db,
        "SELECT count(*) FROM conversation WHERE merged_into IS NULL AND customer_id IN " OWN
        " AND " VISIBLE_CONVERSATION("conversation", "$2"),
        DB_VALUES(DB_ID(id), DB_ID(viewer)), number, &found, error);
}

// What both say and say differently: the first one's word stays.
static json_t *differing(const json_t *into, const json_t *from) {
    static const char *const names[] = {"name", "language", "company_id", "preferred_channel_id"};
    json_t *list = json_array();
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        json_t *other = json_object_get(from, names[at]);
        if (!json_is_null(other) && !json_equal(other, json_object_get(into, names[at])))
            json_array_append_new(list, json_string(names[at]));
    }
    return list;
}

static json_t *preview(Db *db, Id id, Id from_id, Id viewer, GError **error) {
    gint64 conversations = 0;
    json_t *into = customer_load(db, id, error);
    json_t *from = into != NULL ? customer_load(db, from_id, error) : NULL;
    json_t *json = NULL;
    if (from != NULL && count_conversations(db, from_id, viewer, &conversations, error))
        json = json_pack("{s:O, s:O, s:I, s:o}", "into", into, "from", from, "conversation_count",
                         (json_int_t)conversations, "differing", differing(into, from));
    json_decref(into);
    json_decref(from);
    return json;
}

static void get_preview(ApiCall *call) {
    GError *error = NULL;
    Id from = 0;
    json_t *json = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    if (id != 0 && api_call_query_id(call, "from", &from, &error) && from == 0)
        error_set(&error, ERROR_INVALID, "query_invalid", "say by from which one would be merged");
    Db *db = error == NULL && api_call_see(call, VISIBILITY_CUSTOMER, from, &error)
                 ? api_call_reader(call, &error)
                 : NULL;
    if (db != NULL)
        json = preview(db, id, from, api_call_viewer(call), &error);
    if (json == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, json);
}

const ApiRoute api_customer_duplicate_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/duplicates",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_duplicates},
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/merge-preview",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = get_preview,
     .query = "from"},
    {0},
};
