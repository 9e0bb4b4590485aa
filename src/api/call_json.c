#include "api/call_json.h"

#include "api/rows.h"
#include "base/error.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"version", COLUMN_INT},
    {"kind", COLUMN_TEXT},
    {"conversation_id", COLUMN_ID},
    {"customer_id", COLUMN_ID},
    {"channel_id", COLUMN_ID},
    {"agent_id", COLUMN_ID},
    {"identity_id", COLUMN_ID},
    {"direction", COLUMN_TEXT},
    {"outcome", COLUMN_TEXT},
    {"started_at", COLUMN_INSTANT},
    {"duration_s", COLUMN_INT},
    {"subject", COLUMN_TEXT},
    {"text", COLUMN_TEXT},
    {"removed_at", COLUMN_INSTANT},
    {0},
};

static const char select_call[] =
    "SELECT m.id, l.version, l.kind, m.conversation_id, (SELECT root_id FROM customer WHERE id ="
    " c.customer_id), m.channel_id, m.agent_id, m.identity_id, m.direction, l.outcome,"
    " m.occurred_at, l.duration_ms / 1000, m.subject, m.text, m.removed_at FROM call_log l JOIN"
    " message m ON m.id = l.message_id JOIN conversation c ON c.id = m.conversation_id WHERE m.id ="
    " $1";

static const RowsColumn former_columns[] = {
    {"version", COLUMN_INT},        {"direction", COLUMN_TEXT},
    {"outcome", COLUMN_TEXT},       {"started_at", COLUMN_INSTANT},
    {"duration_s", COLUMN_INT},     {"subject", COLUMN_TEXT},
    {"text", COLUMN_TEXT},          {"changed_by", COLUMN_ID},
    {"changed_at", COLUMN_INSTANT}, {0},
};

static gboolean add_history(json_t *json, Db *db, Id message_id, GError **error) {
    GError *problem = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT version, direction, outcome, started_at, duration_ms / 1000, subject,"
                 " text, changed_by, changed_at FROM call_log_version WHERE message_id = $1 ORDER"
                 " BY version DESC LIMIT 100",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(&text, NULL);
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(&text, NULL);
        rows_write_members(&text, rows, former_columns);
        json_text_end_object(&text);
    }
    json_text_end_array(&text);
    json_object_set_new(json, "history", json_loadb(text.out->str, text.out->len, 0, NULL));
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean call_json_answer(ApiCall *call, Db *db, Id message_id, unsigned status, GError **error) {
    json_t *json = rows_load_one(db, columns, select_call, DB_VALUES(DB_ID(message_id)),
                                 "call_unknown", error);
    if (json == NULL || !add_history(json, db, message_id, error)) {
        json_decref(json);
        return FALSE;
    }
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

gboolean call_json_match(const ApiCall *call, Db *db, Id message_id, const char *kind,
                         GError **error) {
    gint64 version = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT version FROM call_log WHERE message_id = $1 AND kind = $2",
                      DB_VALUES(DB_ID(message_id), DB_TEXT(kind)), &version, &found, error))
        return FALSE;
    if (found)
        return api_call_match_version(call, version, error);
    error_set(error, ERROR_NOT_FOUND, "call_unknown", "there is no such %s",
              kind[0] == 'p' ? "call" : "meeting");
    return FALSE;
}
