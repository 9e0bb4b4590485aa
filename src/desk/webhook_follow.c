#include "desk/webhook_follow.h"

#include "store/event.h"
#include "store/webhook_delivery.h"

#define EVENTS_AT_ONCE 500
#define WAITING_MAX 1000
#define UNKEPT_MAX 5000 // events of no interest that may be looked at again after a crash

WebhookTarget *webhook_target_new(Webhook *webhook) {
    WebhookTarget *target = g_new0(WebhookTarget, 1);
    target->webhook = webhook;
    target->read_seq = target->kept_seq = webhook->event_seq;
    target->quiet_until = INSTANT_NONE;
    return target;
}

void webhook_target_free(WebhookTarget *target) {
    if (target == NULL)
        return;
    webhook_free(target->webhook);
    g_free(target);
}

gboolean webhook_target_is_active(const WebhookTarget *target) {
    return target->webhook->state == WEBHOOK_ACTIVE;
}

// Where the batch begins; -1: nobody is behind or has room.
static gint64 begin(Db *db, const GPtrArray *targets, gint64 last, GError **error) {
    gint64 from = -1;
    for (guint at = 0; at < targets->len; at++) {
        WebhookTarget *target = targets->pdata[at];
        gboolean is_full = TRUE;
        target->added = 0;
        target->next_seq = target->read_seq;
        target->has_room = FALSE;
        if (!webhook_target_is_active(target) || target->read_seq >= last)
            continue;
        if (!webhook_delivery_is_full(db, target->webhook->id, WAITING_MAX, &is_full, error))
            return -1;
        target->has_room = !is_full;
        if (target->has_room && (from < 0 || target->read_seq < from))
            from = target->read_seq;
    }
    return from;
}

static gboolean is_filtered(const GPtrArray *targets) {
    for (guint at = 0; at < targets->len; at++) {
        const Webhook *webhook = ((const WebhookTarget *)targets->pdata[at])->webhook;
        if (webhook->channels->len > 0 || webhook->teams->len > 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean read_place(Db *db, Id conversation_id, GArray *channels, Id *team_id,
                           GError **error) {
    GError *failure = NULL;
    g_array_set_size(channels, 0);
    *team_id = 0;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT channel_id, team_id FROM conversation WHERE id = $1 UNION ALL SELECT "
                 "channel_id, NULL FROM conversation_channel WHERE conversation_id = $1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        Id channel_id = db_rows_id(rows, 0);
        g_array_append_val(channels, channel_id);
        *team_id = db_rows_id(rows, 1) != 0 ? db_rows_id(rows, 1) : *team_id;
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static WebhookDelivery *delivery_of(const Webhook *webhook, const Event *event) {
    WebhookDelivery *delivery = g_new0(WebhookDelivery, 1);
    delivery->id = id_next();
    delivery->webhook_id = webhook->id;
    delivery->type = g_strdup(event_type_name(event->type));
    delivery->event_seq = event->seq;
    delivery->conversation_id = event->conversation_id;
    delivery->created_at = clock_now();
    return delivery;
}

static void offer(const GPtrArray *targets, const Event *event, const WebhookPlace *place,
                  GPtrArray *deliveries) {
    for (guint at = 0; at < targets->len; at++) {
        WebhookTarget *target = targets->pdata[at];
        if (!target->has_room || target->read_seq >= event->seq)
            continue;
        target->next_seq = event->seq;
        if (!webhook_matches(target->webhook, event, place))
            continue;
        g_ptr_array_add(deliveries, delivery_of(target->webhook, event));
        target->has_room = ++target->added < WAITING_MAX;
    }
}

static gboolean offer_all(Db *db, const GPtrArray *targets, const GPtrArray *events,
                          GPtrArray *deliveries, GError **error) {
    gboolean needs_place = is_filtered(targets);
    g_autoptr(GArray) channels = g_array_new(FALSE, FALSE, sizeof(Id));
    for (guint at = 0; at < events->len; at++) {
        const Event *event = events->pdata[at];
        Id team_id = 0;
        if (needs_place && !read_place(db, event->conversation_id, channels, &team_id, error))
            return FALSE;
        const WebhookPlace place = {(const Id *)(const void *)channels->data, channels->len,
                                    team_id};
        offer(targets, event, &place, deliveries);
    }
    return TRUE;
}

static gboolean read_batch(Db *db, const GPtrArray *targets, GPtrArray *deliveries,
                           gboolean *is_behind, GError **error) {
    gint64 last;
    GError *failure = NULL;
    if (!event_last_seq(db, &last, error))
        return FALSE;
    gint64 from = begin(db, targets, last, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (from < 0)
        return TRUE;
    g_autoptr(GPtrArray) events = event_list_since(db, from, EVENTS_AT_ONCE, error);
    *is_behind = events != NULL && events->len == EVENTS_AT_ONCE;
    return events != NULL && offer_all(db, targets, events, deliveries, error);
}

typedef struct {
    const GPtrArray *targets;
    const GPtrArray *deliveries;
} KeepJob;

static gboolean keep_run(Db *db, gpointer data, GError **error) {
    const KeepJob *job = data;
    for (guint at = 0; at < job->deliveries->len; at++)
        if (!webhook_delivery_add(db, job->deliveries->pdata[at], NULL, error))
            return FALSE;
    for (guint at = 0; at < job->targets->len; at++) {
        const WebhookTarget *target = job->targets->pdata[at];
        if (target->next_seq > target->kept_seq &&
            !webhook_move_on(db, target->webhook->id, target->next_seq, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_far_behind(const GPtrArray *targets) {
    for (guint at = 0; at < targets->len; at++) {
        const WebhookTarget *target = targets->pdata[at];
        if (target->next_seq - target->kept_seq > UNKEPT_MAX)
            return TRUE;
    }
    return FALSE;
}

static void move_on(const GPtrArray *targets, gboolean is_kept) {
    for (guint at = 0; at < targets->len; at++) {
        WebhookTarget *target = targets->pdata[at];
        target->read_seq = target->next_seq;
        if (is_kept)
            target->kept_seq = target->next_seq;
    }
}

gboolean webhook_follow(Store *store, const GPtrArray *targets, gboolean *is_behind,
                        GError **error) {
    g_autoptr(GPtrArray) deliveries =
        g_ptr_array_new_with_free_func((GDestroyNotify)webhook_delivery_free);
    *is_behind = FALSE;
    Db *db = store_reader_take(store, error);
    gboolean read = db != NULL && read_batch(db, targets, deliveries, is_behind, error);
    if (db != NULL)
        store_reader_give(store, db);
    if (!read)
        return FALSE;
    KeepJob job = {targets, deliveries};
    gboolean keeps = deliveries->len > 0 || is_far_behind(targets);
    if (keeps && !writer_run(store_writer(store), keep_run, &job, error))
        return FALSE;
    move_on(targets, keeps);
    return TRUE;
}
