#include "store/webhook_delivery.h"

#include "base/error.h"

void webhook_delivery_free(WebhookDelivery *delivery) {
    if (delivery == NULL)
        return;
    g_free(delivery->type);
    g_free(delivery->data);
    g_free(delivery);
}

gboolean webhook_delivery_add(Db *db, const WebhookDelivery *delivery, const char *reason,
                              GError **error) {
    return db_run(db,
                  "INSERT INTO webhook_delivery (id, webhook_id, type, event_seq, conversation_id, "
                  "data, state, not_before, created_at, reason) VALUES ($1, $2, $3, $4, $5, $6, "
                  "$7, $8, $8, $9)",
                  DB_VALUES(DB_ID(delivery->id), DB_ID(delivery->webhook_id),
                            DB_TEXT(delivery->type), DB_ID(delivery->event_seq),
                            DB_ID(delivery->conversation_id), DB_TEXT(delivery->data),
                            DB_TEXT(reason == NULL ? "pending" : "failed"),
                            DB_INSTANT(delivery->created_at), DB_TEXT(reason)),
                  error);
}

static WebhookDelivery *delivery_from_row(DbRows *rows, Id webhook_id) {
    WebhookDelivery *delivery = g_new0(WebhookDelivery, 1);
    delivery->webhook_id = webhook_id;
    delivery->id = db_rows_id(rows, 0);
    delivery->type = g_strdup(db_rows_text(rows, 1));
    delivery->event_seq = db_rows_int(rows, 2);
    delivery->conversation_id = db_rows_id(rows, 3);
    delivery->data = g_strdup(db_rows_text(rows, 4));
    delivery->attempts = db_rows_int(rows, 5);
    delivery->created_at = db_rows_instant(rows, 6);
    return delivery;
}

GPtrArray *webhook_delivery_list_due(Db *db, Id webhook_id, Instant now, guint limit,
                                     GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT id, type, event_seq, conversation_id, data, attempts, created_at FROM "
        "webhook_delivery AS delivery WHERE webhook_id = $1 AND state = 'pending' AND not_before "
        "<= $2 AND NOT EXISTS (SELECT 1 FROM webhook_delivery AS earlier WHERE earlier.webhook_id "
        "= $1 AND earlier.state = 'pending' AND earlier.conversation_id IS NOT NULL AND "
        "earlier.conversation_id = delivery.conversation_id AND earlier.id < delivery.id AND "
        "earlier.attempts < 3) ORDER BY not_before, id LIMIT $3",
        DB_VALUES(DB_ID(webhook_id), DB_INSTANT(now), DB_INT(limit)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)webhook_delivery_free);
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, delivery_from_row(rows, webhook_id));
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean webhook_delivery_is_full(Db *db, Id webhook_id, guint limit, gboolean *is_full,
                                  GError **error) {
    gint64 one;
    return db_query_int(db,
                        "SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND state = 'pending'"
                        " ORDER BY not_before LIMIT 1 OFFSET $2",
                        DB_VALUES(DB_ID(webhook_id), DB_INT((gint64)limit - 1)), &one, is_full,
                        error);
}

gboolean webhook_delivery_record(Db *db, const WebhookAttempt *attempt, GError **error) {
    static const char *const states[] = {
        [WEBHOOK_DELIVERED] = "delivered",
        [WEBHOOK_RETRY] = "pending",
        [WEBHOOK_FAILED] = "failed",
    };
    return db_run(db,
                  "UPDATE webhook_delivery SET state = $2, attempts = $3, not_before = $4, "
                  "attempted_at = $5, status = $6, milliseconds = $7, answer = $8, reason = $9 "
                  "WHERE id = $1",
                  DB_VALUES(DB_ID(attempt->id), DB_TEXT(states[attempt->outcome]),
                            DB_INT(attempt->attempts), DB_INT(attempt->not_before),
                            DB_INSTANT(attempt->attempted_at), DB_ID(attempt->status),
                            DB_INT(attempt->milliseconds), DB_TEXT(attempt->answer),
                            DB_TEXT(attempt->reason)),
                  error);
}

gboolean webhook_delivery_again(Db *db, Id webhook_id, Id id, Instant now, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "UPDATE webhook_delivery SET state = 'pending', attempts = 0, not_before = "
                        "$3 WHERE id = $1 AND webhook_id = $2",
                        DB_VALUES(DB_ID(id), DB_ID(webhook_id), DB_INSTANT(now)), &count, error))
        return FALSE;
    if (count == 0)
        error_set(error, ERROR_NOT_FOUND, "delivery_unknown",
                  "there is no such delivery: they are kept for 30 days");
    return count > 0;
}

gboolean webhook_delivery_prune(Db *db, Instant before, guint limit, GError **error) {
    return db_run(db,
                  "DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE "
                  "id < $1 ORDER BY id LIMIT $2)",
                  DB_VALUES(DB_ID(id_first(before)), DB_INT(limit)), error);
}
