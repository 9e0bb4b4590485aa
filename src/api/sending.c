// What becomes of messages on their way out: their parts, and agents' decisions about them.
#include "api/message_query.h"
#include "api/resources.h"
#include "api/rows.h"
#include "api/sent_message.h"
#include "base/error.h"
#include "desk/outbox.h"
#include "desk/outbox_record.h"

// The message, whole or as lists have it, written into text.
static gboolean write_message(Db *db, Id message_id, gboolean is_whole, JsonText *text,
                              GError **error) {
    GError *problem = NULL;
    g_autofree char *sql = g_strconcat(message_query_columns, "WHERE message.id = $1", NULL);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_NOT_FOUND, "message_unknown", "there is no such message");
        g_propagate_error(error, problem);
        return FALSE;
    }
    return message_query_write_row(db, rows, is_whole, text, error);
}

json_t *sent_message_list(Db *db, const GArray *ids, GError **error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_array(&text, NULL);
    for (guint at = 0; at < ids->len; at++)
        if (!write_message(db, g_array_index(ids, Id, at), FALSE, &text, error))
            return NULL;
    json_text_end_array(&text);
    return json_loadb(text.out->str, text.out->len, 0, NULL);
}

gboolean sent_message_answer(ApiCall *call, Db *db, Id message_id, unsigned status,
                             GError **error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    if (!write_message(db, message_id, TRUE, &text, error))
        return FALSE;
    api_call_answer_bytes(call, status, "application/json", json_text_take(&text));
    return TRUE;
}

static const RowsColumn part_columns[] = {
    {"id", COLUMN_ID},
    {"part", COLUMN_INT},
    {"recipient", COLUMN_TEXT},
    {"state", COLUMN_TEXT},
    {"attempts", COLUMN_INT},
    {"not_before", COLUMN_INSTANT},
    {"began_at", COLUMN_INSTANT},
    {"settled_at", COLUMN_INSTANT},
    {"provider_id", COLUMN_TEXT},
    {"response", COLUMN_TEXT},
    {0},
};

static void list_parts(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "message", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_list(call, part_columns,
                         "SELECT id, part, recipient, state, attempts, not_before, began_at,"
                         " settled_at, provider_id, response FROM outbox WHERE message_id = $1"
                         " ORDER BY part, recipient",
                         DB_VALUES(DB_ID(id)));
}

typedef struct {
    Id id;
    gboolean (*decide)(Db *db, Id message_id, GError **error);
} Decision;

static gboolean write_decision(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Decision *decision = data;
    return decision->decide(db, decision->id, error) &&
           sent_message_answer(call, db, decision->id, 200, error);
}

static void decide(ApiCall *call, gboolean (*what)(Db *db, Id message_id, GError **error)) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "message", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    Decision *decision = g_new0(Decision, 1);
    *decision = (Decision){id, what};
    api_call_write(call, write_decision, decision, g_free);
}

static void cancel(ApiCall *call) {
    decide(call, outbox_cancel);
}

static void resend(ApiCall *call) {
    decide(call, outbox_send_again);
}

static void mark_sent(ApiCall *call) {
    decide(call, outbox_mark_sent);
}

static void work_check(ApiCall *call) {
    GError *error = NULL;
    gboolean found = FALSE;
    Outbox *outbox = api_call_parts(call)->outbox;
    Id id = api_call_path_id(call, "message", &error);
    if (id != 0 && outbox == NULL)
        error_set(&error, ERROR_UNAVAILABLE, "server_needed",
                  "only the running server can ask: start dialogd");
    if (error == NULL && outbox_look_up(outbox, id, &found, &error))
        api_call_answer_json(call, 200, json_pack("{s:b}", "found", found));
    else
        api_call_fail(call, error);
}

static void check(ApiCall *call) {
    api_call_work_long(call, work_check);
}

const ApiRoute api_sending_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/messages/{message}/parts",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_parts},
    {.method = "POST",
     .pattern = "/api/v1/messages/{message}/cancel",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = cancel},
    {.method = "POST",
     .pattern = "/api/v1/messages/{message}/resend",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = resend},
    {.method = "POST",
     .pattern = "/api/v1/messages/{message}/mark-sent",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = mark_sent},
    {.method = "POST",
     .pattern = "/api/v1/messages/{message}/check",
     .permission = PERMISSION_MESSAGE_SEND,
     .handler = check},
    {0},
};
