#include "desk/outbox_reconcile.h"

#include "base/error.h"
#include "base/log.h"

#define AT_ONCE 20
#define LOOK_MS 5000
#define AGE_MAX_MS ((gint64)24 * 3600 * 1000)

struct OutboxReconciler {
    Store *store;
    Outbox *outbox;
    GThreadPool *pool;
    GHashTable *made; // message id -> look-ups made; the outbox thread's own
    gint64 looked_at; // clock_monotonic
    gint waiting;     // look-ups queued or running
    gint is_stopping;
};

guint outbox_reconcile_steps(gint64 age_ms) {
    static const gint64 ages_s[] = {10, 60, 300, 900, 3600};
    guint steps = 0;
    while (steps < G_N_ELEMENTS(ages_s) && age_ms >= ages_s[steps] * 1000)
        steps++;
    return steps;
}

static void look_up(gpointer data, gpointer user_data) {
    OutboxReconciler *reconciler = user_data;
    g_autoptr(GError) error = NULL;
    g_autofree Id *message_id = data;
    gboolean found;
    if (!g_atomic_int_get(&reconciler->is_stopping) &&
        !outbox_look_up(reconciler->outbox, *message_id, &found, &error) &&
        error_kind(error) != ERROR_CONFLICT && error_kind(error) != ERROR_NOT_FOUND)
        log_error(error, "look_up_failed", NULL);
    g_atomic_int_add(&reconciler->waiting, -1);
}

OutboxReconciler *outbox_reconciler_new(Store *store, Outbox *outbox) {
    OutboxReconciler *reconciler = g_new0(OutboxReconciler, 1);
    reconciler->store = store;
    reconciler->outbox = outbox;
    reconciler->made = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    reconciler->pool = g_thread_pool_new(look_up, reconciler, 1, FALSE, NULL);
    return reconciler;
}

gboolean outbox_reconciler_stop(OutboxReconciler *reconciler) {
    g_atomic_int_set(&reconciler->is_stopping, 1);
    return g_atomic_int_get(&reconciler->waiting) == 0;
}

void outbox_reconciler_free(OutboxReconciler *reconciler) {
    if (reconciler == NULL)
        return;
    g_thread_pool_free(reconciler->pool, FALSE, TRUE);
    g_hash_table_unref(reconciler->made);
    g_free(reconciler);
}

// One look-up for all steps that have passed: after a start there may be several.
static void look_at(OutboxReconciler *reconciler, Id message_id, gint64 age_ms) {
    guint steps = outbox_reconcile_steps(age_ms);
    guint made = GPOINTER_TO_UINT(g_hash_table_lookup(reconciler->made, &message_id));
    if (steps <= made)
        return;
    g_hash_table_insert(reconciler->made, g_memdup2(&message_id, sizeof message_id),
                        GUINT_TO_POINTER(steps));
    g_atomic_int_inc(&reconciler->waiting);
    g_thread_pool_push(reconciler->pool, g_memdup2(&message_id, sizeof message_id), NULL);
}

static void look_at_all(OutboxReconciler *reconciler, DbRows *rows, Instant now) {
    g_autoptr(GError) error = NULL;
    gboolean any = FALSE;
    while (db_rows_next(rows, &error)) {
        any = TRUE;
        look_at(reconciler, db_rows_id(rows, 0), now - db_rows_instant(rows, 1));
    }
    if (error != NULL)
        log_error(error, "outbox_unread", NULL);
    else if (!any)
        g_hash_table_remove_all(reconciler->made);
}

void outbox_reconciler_look(OutboxReconciler *reconciler, Instant now) {
    g_autoptr(GError) error = NULL;
    gint64 moment = clock_monotonic();
    if (reconciler->looked_at != 0 && moment - reconciler->looked_at < LOOK_MS)
        return;
    reconciler->looked_at = moment;
    Db *db = store_reader_take(reconciler->store, &error);
    DbRows *rows = db != NULL
                       ? db_query(db,
                                  "SELECT o.message_id, max(coalesce(o.settled_at, o.created_at))"
                                  " FROM outbox o JOIN channel c ON c.id = o.channel_id"
                                  " WHERE o.state IN ('claimed', 'sending', 'unknown')"
                                  " AND o.state = 'unknown' AND c.kind = 'email'"
                                  " AND coalesce(o.settled_at, o.created_at) > $1"
                                  " GROUP BY o.message_id LIMIT $2",
                                  DB_VALUES(DB_INSTANT(now - AGE_MAX_MS), DB_INT(AT_ONCE)), &error)
                       : NULL;
    if (rows != NULL) {
        look_at_all(reconciler, rows, now);
        db_rows_free(rows);
    }
    if (db != NULL)
        store_reader_give(reconciler->store, db);
    if (error != NULL)
        log_error(error, "outbox_unread", NULL);
}
