#include "desk/webhook.h"

#include <stdlib.h>

#include "base/error.h"

#define WAITING_MAX 10000

static gboolean check_known(Db *db, Id id, GError **error) {
    gint64 one;
    gboolean found;
    if (!db_query_int(db, "SELECT 1 FROM webhook WHERE id = $1 AND removed_at IS NULL",
                      DB_VALUES(DB_ID(id)), &one, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "webhook_unknown", "there is no such web hook");
    return found;
}

static Id conversation_of(const json_t *data) {
    const json_t *value = json_object_get(data, "conversation_id");
    if (json_is_string(value))
        return id_parse(json_string_value(value), NULL);
    return (Id)MAX(json_integer_value(value), 0);
}

static gboolean add(Db *db, Id webhook_id, const char *type, const json_t *data, Id *id,
                    GError **error) {
    gboolean is_full;
    if (!check_known(db, webhook_id, error) ||
        !webhook_delivery_is_full(db, webhook_id, WAITING_MAX, &is_full, error))
        return FALSE;
    char *text = data != NULL ? json_dumps(data, JSON_COMPACT) : NULL;
    g_autoptr(WebhookDelivery) delivery = g_new0(WebhookDelivery, 1);
    delivery->id = *id = id_next();
    delivery->webhook_id = webhook_id;
    delivery->type = g_strdup(type);
    delivery->conversation_id = conversation_of(data);
    delivery->data = g_strdup(text);
    delivery->created_at = clock_now();
    free(text);
    return webhook_delivery_add(db, delivery, is_full ? "too many others wait" : NULL, error);
}

gboolean webhook_enqueue_type(Db *db, Id webhook_id, const char *type, json_t *data, Id *id,
                              GError **error) {
    gboolean added = add(db, webhook_id, type, data, id, error);
    json_decref(data);
    return added;
}

gboolean webhook_enqueue(Db *db, Id webhook_id, json_t *data, GError **error) {
    Id id;
    return webhook_enqueue_type(db, webhook_id, "rule_fired", data, &id, error);
}
