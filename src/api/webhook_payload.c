#include "api/webhook_payload.h"

#include "api/conversation_query.h"
#include "api/events.h"
#include "api/message_query.h"
#include "base/error.h"

// What is not there (any more) is null.
static gboolean write_conversation(Db *db, Id id, JsonText *text, GError **error) {
    g_autoptr(GError) failure = NULL;
    json_t *json = id != 0 ? conversation_query_load(db, id, &failure) : NULL;
    if (failure != NULL && error_kind(failure) != ERROR_NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (json != NULL)
        json_text_add_json(text, "conversation", json);
    else
        json_text_add_null(text, "conversation");
    json_decref(json);
    return TRUE;
}

static gboolean write_message(Db *db, Id id, JsonText *text, GError **error) {
    GError *failure = NULL;
    g_auto(JsonText) message;
    json_text_init(&message);
    g_autofree char *sql = g_strconcat(message_query_columns, "WHERE message.id = $1", NULL);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure) && message_query_write_row(db, rows, TRUE, &message, &failure))
        json_text_add_raw(text, "message", message.out->str);
    else
        json_text_add_null(text, "message");
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

// The delivery's own data, an object, without its closing brace.
static void write_own_data(JsonText *text, const WebhookDelivery *delivery) {
    json_t *data = delivery->data != NULL ? json_loads(delivery->data, 0, NULL) : NULL;
    const char *name;
    json_t *value;
    json_object_foreach(data, name, value) {
        json_text_add_json(text, name, value);
    }
    json_decref(data);
}

gboolean webhook_payload_write(Db *db, const Webhook *webhook, const WebhookDelivery *delivery,
                               const Event *event, GString *out, GError **error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_add_text(&text, "type", delivery->type);
    json_text_add_instant(&text, "timestamp",
                          event != NULL ? event->occurred_at : delivery->created_at);
    json_text_begin_object(&text, "data");
    if (event != NULL)
        events_write_members(&text, event);
    else
        write_own_data(&text, delivery);
    if (webhook->includes_conversation &&
        !write_conversation(db, delivery->conversation_id, &text, error))
        return FALSE;
    if (webhook->includes_message &&
        !write_message(db, event != NULL ? event->message_id : 0, &text, error))
        return FALSE;
    json_text_end_object(&text);
    json_text_end_object(&text);
    g_string_append_len(out, text.out->str, (gssize)text.out->len);
    return TRUE;
}
