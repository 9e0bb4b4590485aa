// /api/v1/webhooks/{webhook}/deliveries: what web hooks were told and what they answered; again,
// and a ping to try them.
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "api/webhooks.h"
#include "base/error.h"
#include "desk/webhook.h"
#include "store/webhook.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"type", COLUMN_TEXT},
    {"event_seq", COLUMN_INT},
    {"conversation_id", COLUMN_ID},
    {"state", COLUMN_TEXT},
    {"attempts", COLUMN_INT},
    {"next_attempt_at", COLUMN_INSTANT},
    {"attempted_at", COLUMN_INSTANT},
    {"status", COLUMN_INT},
    {"milliseconds", COLUMN_INT},
    {"answer", COLUMN_TEXT},
    {"reason", COLUMN_TEXT},
    {"created_at", COLUMN_INSTANT},
    {NULL, COLUMN_INT},
};

#define SELECT                                                                                     \
    "SELECT id, type, event_seq, conversation_id, state, attempts, CASE WHEN state = 'pending' "   \
    "THEN not_before END, attempted_at, status, milliseconds, answer, reason, created_at FROM "    \
    "webhook_delivery WHERE webhook_id = $1 "

// The log, newest first; one state only walks that state's index.
static const struct {
    const char *state;
    const char *sql;
} lists[] = {
    {NULL, SELECT "AND id < $2 ORDER BY id DESC LIMIT $3"},
    {"pending", SELECT "AND state = 'pending' AND id < $2 ORDER BY id DESC LIMIT $3"},
    {"failed", SELECT "AND state = 'failed' AND id < $2 ORDER BY id DESC LIMIT $3"},
};

static const char *choose_list(const ApiCall *call, GError **error) {
    const char *state = api_call_query(call, "state");
    for (gsize at = 0; at < G_N_ELEMENTS(lists); at++)
        if (g_strcmp0(lists[at].state, state) == 0)
            return lists[at].sql;
    error_set(error, ERROR_INVALID, "state_unknown", "state must be pending or failed");
    return NULL;
}

static gboolean write_items(DbRows *rows, gint64 limit, JsonText *text, GError **error) {
    GError *failure = NULL;
    gint64 count = 0;
    Id last = 0;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &failure) && count++ < limit) {
        last = db_rows_id(rows, 0);
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
    }
    json_text_end_array(text);
    g_autofree char *next = count > limit ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean write_log(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    Id id = webhooks_check_viewer(call, error) ? api_call_path_id(call, "webhook", error) : 0;
    const char *sql = id != 0 ? choose_list(call, error) : NULL;
    if (sql == NULL || !page_read(call, 50, 200, &page, error))
        return FALSE;
    Db *db = api_call_reader(call, error);
    g_autoptr(Webhook) webhook =
        db != NULL ? webhook_get(db, store_key(api_call_parts(call)->store), id, error) : NULL;
    if (webhook == NULL)
        return FALSE;
    g_autoptr(DbRows) rows =
        db_query(db, sql,
                 DB_VALUES(DB_ID(id), DB_INT(page.has_cursor ? page.id : G_MAXINT64),
                           DB_INT(page.limit + 1)),
                 error);
    json_text_begin_object(text, NULL);
    gboolean written = rows != NULL && write_items(rows, page.limit, text, error);
    json_text_end_object(text);
    return written;
}

static void list_deliveries(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (write_log(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

typedef struct {
    Id webhook_id;
    Id id; // 0: a new ping
} Sending;

static gboolean check_active(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(Webhook) webhook = webhook_get(db, store_key(api_call_parts(call)->store), id, error);
    if (webhook != NULL && webhook->state != WEBHOOK_ACTIVE)
        error_set(error, ERROR_CONFLICT, "webhook_not_active",
                  "the web hook is %s: make it active first (paused: false)",
                  webhook_state_name(webhook->state));
    return webhook != NULL && webhook->state == WEBHOOK_ACTIVE;
}

static gboolean put(Db *db, const Sending *sending, Id *id, GError **error) {
    char text[ID_TEXT_SIZE];
    *id = sending->id;
    if (sending->id != 0)
        return webhook_delivery_again(db, sending->webhook_id, sending->id, clock_now(), error);
    json_t *data = json_pack("{s:s}", "webhook_id", id_format(sending->webhook_id, text));
    return webhook_enqueue_type(db, sending->webhook_id, "ping", data, id, error);
}

static gboolean write_sending(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Sending *sending = data;
    Id id;
    if (!check_active(call, db, sending->webhook_id, error) || !put(db, sending, &id, error))
        return FALSE;
    json_t *json =
        rows_load_one(db, columns, SELECT "AND id = $2",
                      DB_VALUES(DB_ID(sending->webhook_id), DB_ID(id)), "delivery_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 202, json);
    return json != NULL;
}

static void submit(ApiCall *call, const char *parameter) {
    GError *error = NULL;
    Sending sending = {0};
    gboolean good = webhooks_check_viewer(call, &error) &&
                    (sending.webhook_id = api_call_path_id(call, "webhook", &error)) != 0;
    if (good && parameter != NULL)
        good = (sending.id = api_call_path_id(call, parameter, &error)) != 0;
    if (good)
        api_call_write(call, write_sending, g_memdup2(&sending, sizeof sending), g_free);
    else
        api_call_fail(call, error);
}

static void ping(ApiCall *call) {
    submit(call, NULL);
}

static void redeliver(ApiCall *call) {
    submit(call, "delivery");
}

const ApiRoute api_webhook_delivery_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/webhooks/{webhook}/deliveries",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = list_deliveries,
     .query = PAGE_QUERY " state"},
    {.method = "POST",
     .pattern = "/api/v1/webhooks/{webhook}/ping",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = ping},
    {.method = "POST",
     .pattern = "/api/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = redeliver},
    {0},
};
