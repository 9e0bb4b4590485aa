#include "desk/outbox.h"

#include "base/log.h"
#include "desk/outbox_reconcile.h"
#include "desk/outbox_task.h"

#define SMTP_THREADS 4
#define CHANNEL_MAX 2 // messages of one channel at once: a server that hangs holds up no other
#define REQUEST_THREADS 2
#define RUNNING_MAX 32
#define LEASE_CLAIMED_MS ((gint64)10 * 60 * 1000)
#define LOOK_MS 10000 // also without a wake: leases end, channels come back
#define DRAIN_S 10

struct Outbox {
    OutboxContext context;
    OutboxReconciler *reconciler;
    GThread *thread;
    GMutex mutex;
    GCond cond;
    gboolean is_woken;
    guint running;        // tasks
    GHashTable *channels; // Id -> tasks of that channel
};

// Under the mutex.
static void count_channel(Outbox *outbox, Id channel_id, gint change) {
    gint count = GPOINTER_TO_INT(g_hash_table_lookup(outbox->channels, &channel_id)) + change;
    if (count > 0)
        g_hash_table_replace(outbox->channels, g_memdup2(&channel_id, sizeof channel_id),
                             GINT_TO_POINTER(count));
    else
        g_hash_table_remove(outbox->channels, &channel_id);
}

// Channels that have all that they may have at once.
static GArray *busy_channels(Outbox *outbox) {
    GArray *busy = g_array_new(FALSE, FALSE, sizeof(Id));
    GHashTableIter channels;
    gpointer id, count;
    g_mutex_lock(&outbox->mutex);
    g_hash_table_iter_init(&channels, outbox->channels);
    while (g_hash_table_iter_next(&channels, &id, &count))
        if (GPOINTER_TO_INT(count) >= CHANNEL_MAX)
            g_array_append_vals(busy, id, 1);
    g_mutex_unlock(&outbox->mutex);
    return busy;
}

static void task_finished(OutboxTask *task, gpointer data) {
    Outbox *outbox = data;
    Id channel_id = ((const OutboxRow *)task->rows->pdata[0])->channel_id;
    outbox_task_free(task);
    g_mutex_lock(&outbox->mutex);
    count_channel(outbox, channel_id, -1);
    outbox->running--;
    outbox->is_woken = TRUE;
    g_cond_broadcast(&outbox->cond);
    g_mutex_unlock(&outbox->mutex);
}

static void run_task(gpointer task, gpointer data) {
    (void)data;
    outbox_task_run(task);
}

typedef struct {
    guint limit;
    Instant now;
    const GArray *busy; // channels
    GPtrArray *claimed; // of OutboxRow
} ClaimJob;

// Whether one more message of this channel may be taken in this round; further rows of one that was
// taken always are.
static gboolean has_room(const ClaimJob *job, const OutboxRow *row) {
    guint messages = 0;
    Id last = 0;
    for (guint at = 0; at < job->claimed->len; at++) {
        const OutboxRow *taken = job->claimed->pdata[at];
        if (taken->message_id == row->message_id)
            return TRUE;
        messages += taken->channel_id == row->channel_id && taken->message_id != last ? 1 : 0;
        last = taken->message_id;
    }
    return messages < CHANNEL_MAX;
}

static gboolean claim_rows(Db *db, gpointer data, GError **error) {
    ClaimJob *job = data;
    g_autoptr(GPtrArray) due = NULL;
    g_ptr_array_set_size(job->claimed, 0); // the job may run twice
    if (!outbox_recover_and_record(db, job->now, error))
        return FALSE;
    due = outbox_list_due(db, job->now, job->limit, job->busy, error);
    for (guint at = 0; due != NULL && at < due->len; at++) {
        OutboxRow *row = due->pdata[at];
        gboolean moved;
        if (!has_room(job, row))
            continue;
        if (!outbox_claim(db, row->id, job->now + LEASE_CLAIMED_MS, &row->epoch, &moved, error))
            return FALSE;
        row->attempts++;
        if (moved)
            g_ptr_array_add(job->claimed, g_steal_pointer(&due->pdata[at]));
    }
    return due != NULL;
}

// The rows of one message go in one session.
static void dispatch(Outbox *outbox, GPtrArray *claimed) {
    g_autoptr(GHashTable) by_message = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GPtrArray) groups = g_ptr_array_new();
    for (guint at = 0; at < claimed->len; at++) {
        OutboxRow *row = g_steal_pointer(&claimed->pdata[at]);
        GPtrArray *rows = g_hash_table_lookup(by_message, &row->message_id);
        if (rows == NULL) {
            rows = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
            g_hash_table_insert(by_message, &row->message_id, rows);
            g_ptr_array_add(groups, rows);
        }
        g_ptr_array_add(rows, row);
    }
    g_mutex_lock(&outbox->mutex);
    outbox->running += groups->len;
    for (guint at = 0; at < groups->len; at++) {
        const OutboxRow *row = ((const GPtrArray *)groups->pdata[at])->pdata[0];
        count_channel(outbox, row->channel_id, 1);
    }
    g_mutex_unlock(&outbox->mutex);
    g_hash_table_remove_all(by_message);
    for (guint at = 0; at < groups->len; at++) {
        OutboxTask *task = outbox_task_new(&outbox->context, groups->pdata[at]);
        g_thread_pool_push(outbox_task_is_mail(task) ? outbox->context.mail_pool
                                                     : outbox->context.request_pool,
                           task, NULL);
    }
}

// Whether a job for the writer is worth while; *next is when to look again.
static gboolean look(Outbox *outbox, const GArray *busy, Instant now, Instant *next) {
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(outbox->context.store, &error);
    g_autoptr(GPtrArray) due = db != NULL ? outbox_list_due(db, now, 1, busy, &error) : NULL;
    *next = INSTANT_NONE;
    if (due != NULL && due->len == 0 && !outbox_next_due(db, now, next, &error))
        *next = INSTANT_NONE;
    if (db != NULL)
        store_reader_give(outbox->context.store, db);
    if (error != NULL)
        log_error(error, "outbox_unread", NULL);
    return due != NULL && due->len > 0;
}

static gboolean claim(Outbox *outbox, const GArray *busy, guint room, Instant now) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) claimed = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
    ClaimJob job = {.limit = room, .now = now, .busy = busy, .claimed = claimed};
    if (!writer_run(store_writer(outbox->context.store), claim_rows, &job, &error)) {
        log_error(error, "outbox_unclaimed", NULL);
        return FALSE;
    }
    dispatch(outbox, claimed);
    return claimed->len > 0;
}

static void wait_until(Outbox *outbox, Instant next, Instant now) {
    gint64 pause = next != INSTANT_NONE ? CLAMP(next - now, 1, LOOK_MS) : LOOK_MS;
    gint64 deadline = g_get_monotonic_time() + pause * 1000;
    g_mutex_lock(&outbox->mutex);
    while (!outbox->is_woken && g_cond_wait_until(&outbox->cond, &outbox->mutex, deadline))
        continue;
    outbox->is_woken = FALSE;
    g_mutex_unlock(&outbox->mutex);
}

static guint room(Outbox *outbox) {
    g_mutex_lock(&outbox->mutex);
    guint running = outbox->running;
    g_mutex_unlock(&outbox->mutex);
    return running < RUNNING_MAX ? RUNNING_MAX - running : 0;
}

static gpointer outbox_run(gpointer data) {
    Outbox *outbox = data;
    while (!g_atomic_int_get(&outbox->context.is_stopping)) {
        Instant now = clock_now(), next = INSTANT_NONE;
        guint free = room(outbox);
        g_autoptr(GArray) busy = busy_channels(outbox);
        gboolean is_due = free > 0 && look(outbox, busy, now, &next);
        if (is_due && claim(outbox, busy, free, now))
            continue;
        outbox_reconciler_look(outbox->reconciler, now);
        wait_until(outbox, next, now);
    }
    return NULL;
}

static gboolean recover_all(Db *db, gpointer data, GError **error) {
    (void)data;
    return outbox_recover_and_record(db, INSTANT_NONE, error);
}

static char *make_loop_id(const SecretKey *key) {
    guint8 mac[32];
    GString *text = g_string_new(NULL);
    secret_sign(key, "loop", "dialogd", 7, mac);
    for (gsize at = 0; at < 8; at++)
        g_string_append_printf(text, "%02x", mac[at]);
    return g_string_free(text, FALSE);
}

static void notice_commit(gpointer data) {
    outbox_wake(data);
}

Outbox *outbox_new(Store *store, ChannelDirectory *channels, HttpClient *http,
                   const OutboxOptions *options, GError **error) {
    if (!writer_run(store_writer(store), recover_all, NULL, error))
        return NULL;
    Outbox *outbox = g_new0(Outbox, 1);
    OutboxContext *context = &outbox->context;
    guint threads = options->smtp_threads > 0 ? options->smtp_threads : SMTP_THREADS;
    g_mutex_init(&outbox->mutex);
    g_cond_init(&outbox->cond);
    outbox->channels = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    context->store = store;
    context->channels = channels;
    context->http = http;
    context->fetch.allow_private = options->allow_private;
    if (options->ca_file != NULL && *options->ca_file != '\0')
        context->ca_file = g_strdup(options->ca_file);
    context->fetch.ca_file = context->ca_file;
    context->loop_id = make_loop_id(store_key(store));
    context->finished = task_finished;
    context->data = outbox;
    context->mail_pool = g_thread_pool_new(run_task, NULL, (gint)threads, FALSE, NULL);
    context->request_pool = g_thread_pool_new(run_task, NULL, REQUEST_THREADS, FALSE, NULL);
    outbox->reconciler = outbox_reconciler_new(store, outbox);
    outbox->thread = g_thread_new("outbox", outbox_run, outbox);
    writer_on_commit(store_writer(store), notice_commit, outbox);
    return outbox;
}

gboolean outbox_stop(Outbox *outbox) {
    gint64 deadline = g_get_monotonic_time() + DRAIN_S * G_USEC_PER_SEC;
    g_atomic_int_set(&outbox->context.is_stopping, 1);
    writer_off_commit(store_writer(outbox->context.store), notice_commit, outbox);
    outbox_wake(outbox);
    g_thread_join(outbox->thread);
    g_mutex_lock(&outbox->mutex);
    while (outbox->running > 0 && g_cond_wait_until(&outbox->cond, &outbox->mutex, deadline))
        continue;
    gboolean is_idle = outbox->running == 0;
    g_mutex_unlock(&outbox->mutex);
    while (!outbox_reconciler_stop(outbox->reconciler) && g_get_monotonic_time() < deadline)
        g_usleep(20000);
    is_idle = is_idle && outbox_reconciler_stop(outbox->reconciler);
    return is_idle;
}

void outbox_free(Outbox *outbox) {
    if (outbox == NULL)
        return;
    outbox_reconciler_free(outbox->reconciler);
    g_thread_pool_free(outbox->context.mail_pool, FALSE, TRUE);
    g_thread_pool_free(outbox->context.request_pool, FALSE, TRUE);
    g_free(outbox->context.ca_file);
    g_free(outbox->context.loop_id);
    g_hash_table_unref(outbox->channels);
    g_mutex_clear(&outbox->mutex);
    g_cond_clear(&outbox->cond);
    g_free(outbox);
}

const OutboxContext *outbox_context(const Outbox *outbox) {
    return &outbox->context;
}

void outbox_wake(Outbox *outbox) {
    g_mutex_lock(&outbox->mutex);
    outbox->is_woken = TRUE;
    g_cond_broadcast(&outbox->cond);
    g_mutex_unlock(&outbox->mutex);
}
