// Forgetting a person or a message, and how far that has come.
#include "api/customer_load.h"
#include "api/resources.h"
#include "api/rows.h"
#include "desk/erasure.h"

#define SELECT                                                                                     \
    "SELECT id, customer_id, message_id, state, message_count, requested_by, requested_at, "       \
    "finished_at FROM erasure "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"customer_id", COLUMN_ID},
    {"message_id", COLUMN_ID},
    {"state", COLUMN_TEXT},
    {"message_count", COLUMN_INT},
    {"requested_by", COLUMN_ID},
    {"requested_at", COLUMN_INSTANT},
    {"finished_at", COLUMN_INSTANT},
    {0},
};

static void list_erasures(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY id DESC LIMIT 200", DB_NO_VALUES);
}

static void get_erasure(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "erasure", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "erasure_unknown");
}

static gboolean answer(ApiCall *call, Db *db, Id id, GError **error) {
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "erasure_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 202, json);
    return json != NULL;
}

static gboolean write_customer(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Id *customer_id = data;
    Id id;
    return customer_match(call, db, *customer_id, error) &&
           erasure_begin_customer(db, *customer_id, customer_actor(call), &id, error) &&
           answer(call, db, id, error);
}

static gboolean write_message(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Id *message_id = data;
    Id id;
    return erasure_begin_message(db, *message_id, customer_actor(call), &id, error) &&
           answer(call, db, id, error);
}

static void begin(ApiCall *call, const char *parameter, ApiWrite write) {
    GError *error = NULL;
    Id id = api_call_path_id(call, parameter, &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write, g_memdup2(&id, sizeof id), g_free);
}

static void erase_customer(ApiCall *call) {
    begin(call, "customer", write_customer);
}

static void erase_message(ApiCall *call) {
    begin(call, "message", write_message);
}

static void run_all(ApiCall *call) {
    GError *error = NULL;
    if (erasure_work(api_call_parts(call)->store, &error))
        api_call_answer_empty(call, 204);
    else
        api_call_fail(call, error);
}

// For dialogctl, which waits for the end, also where no server runs.
static void run_erasures(ApiCall *call) {
    api_call_work_long(call, run_all);
}

const ApiRoute api_erasure_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/erase",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = erase_customer},
    {.method = "POST",
     .pattern = "/api/v1/messages/{message}/erase",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = erase_message},
    {.method = "GET",
     .pattern = "/api/v1/erasures",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = list_erasures},
    {.method = "GET",
     .pattern = "/api/v1/erasures/{erasure}",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = get_erasure},
    {.method = "POST",
     .pattern = "/api/v1/erasures/run",
     .permission = PERMISSION_LOCAL,
     .handler = run_erasures},
    {0},
};
