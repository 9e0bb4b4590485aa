#include "desk/mail_pipe.h"

#include "base/error.h"
#include "base/log.h"
#include "store/mailbox.h"

#define MAILS_MAXIMUM 256         // on their way
#define BYTES_MAXIMUM (16u << 20) // of raw mail on its way; one mail may be larger
#define BATCH_MAXIMUM 100         // mails of one transaction

typedef struct {
    MailPipe *pipe;
    Delivery *delivery;
    gsize size;
    gboolean is_ready;
} Item;

typedef struct {
    MailPipe *pipe;
    GPtrArray *items; // of Item, owned
    gint64 from_uid;
    gint64 to_uid;
} Batch;

struct MailPipe {
    MailIntake *intake;
    MailPipePlace place;
    char *folder;
    GMutex mutex;
    GCond cond;
    GQueue waiting; // of Item, in order, not yet in a job
    GQueue used;    // of Batch, to be freed by the pushing thread: the writer has better to do
    guint mails;    // on their way, in jobs too
    guint reading;  // handed to the intake and not ready
    gsize bytes;
    gboolean has_job; // one at a time keeps them in order
    MailPipeCounts counts;
    GError *failure;
};

static void item_free(Item *item) {
    delivery_free(item->delivery);
    g_free(item);
}

static void batch_free(Batch *batch) {
    g_ptr_array_unref(batch->items);
    g_free(batch);
}

MailPipe *mail_pipe_new(MailIntake *intake, const MailPipePlace *place) {
    MailPipe *pipe = g_new0(MailPipe, 1);
    pipe->intake = intake;
    pipe->place = *place;
    pipe->folder = g_strdup(place->folder);
    g_mutex_init(&pipe->mutex);
    g_cond_init(&pipe->cond);
    g_queue_init(&pipe->waiting);
    g_queue_init(&pipe->used);
    return pipe;
}

// The next batch if it is time for one, or NULL: full, or nothing more is on its way to join it.
static Batch *take_batch(MailPipe *pipe) {
    guint maximum = pipe->place.is_careful ? 1 : BATCH_MAXIMUM;
    guint ready = 0;
    for (GList *link = pipe->waiting.head; link != NULL && ready < maximum; link = link->next) {
        if (!((const Item *)link->data)->is_ready)
            break;
        ready++;
    }
    gboolean is_time = ready == maximum || (ready > 0 && ready == pipe->waiting.length);
    if (!is_time || pipe->failure != NULL || pipe->has_job)
        return NULL;
    Batch *batch = g_new0(Batch, 1);
    batch->pipe = pipe;
    batch->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    batch->from_uid = batch->to_uid = pipe->place.last_uid;
    for (guint at = 0; at < ready; at++) {
        Item *item = g_queue_pop_head(&pipe->waiting);
        g_ptr_array_add(batch->items, item);
        batch->to_uid = MAX(batch->to_uid, item->delivery->place.uid);
    }
    pipe->place.last_uid = batch->to_uid;
    pipe->has_job = TRUE;
    return batch;
}

static gboolean batch_run(Db *db, gpointer data, GError **error) {
    Batch *batch = data;
    MailPipe *pipe = batch->pipe;
    if (pipe->folder != NULL &&
        !mailbox_advance(db, pipe->place.channel_id, pipe->folder, pipe->place.uid_validity,
                         batch->from_uid, batch->to_uid, error))
        return FALSE;
    Inbound *inbound = mail_intake_inbound(pipe->intake);
    for (guint at = 0; at < batch->items->len; at++) {
        const Item *item = batch->items->pdata[at];
        if (!inbound_store(db, inbound, item->delivery, error))
            return FALSE;
    }
    return TRUE;
}

static void batch_done(gpointer data, const GError *error);

// Ends the lock, after which pipe may be touched only if there is a batch: it may be freed.
static void unlock_and_submit(MailPipe *pipe) {
    Writer *writer = store_writer(mail_intake_store(pipe->intake));
    Batch *batch = take_batch(pipe);
    g_cond_broadcast(&pipe->cond);
    g_mutex_unlock(&pipe->mutex);
    if (batch != NULL)
        writer_submit(writer, batch_run, batch_done, batch);
}

static void batch_settle(MailPipe *pipe, Batch *batch, const GError *error) {
    for (guint at = 0; at < batch->items->len; at++) {
        const Item *item = batch->items->pdata[at];
        pipe->mails--;
        pipe->bytes -= item->size;
        if (error == NULL)
            pipe->counts.states[item->delivery->state]++;
    }
    if (error != NULL && pipe->failure == NULL)
        pipe->failure = g_error_copy(error);
    g_queue_push_tail(&pipe->used, batch);
    pipe->has_job = FALSE;
}

// A mail that alone fails, and would again, must not hold up those behind it.
static gboolean quarantine_alone(Batch *batch, const GError *error) {
    const Item *item = batch->items->pdata[0];
    MailPipe *pipe = batch->pipe;
    if (!pipe->place.is_careful || error_can_retry(error) || item->delivery->failure != NULL ||
        error_kind(error) == ERROR_NOT_FOUND)
        return FALSE;
    log_error(error, "mail_quarantined", "delivery", item->delivery->delivery_key, NULL);
    delivery_quarantine(item->delivery, error->message);
    writer_submit(store_writer(mail_intake_store(pipe->intake)), batch_run, batch_done, batch);
    return TRUE;
}

static void batch_done(gpointer data, const GError *error) {
    Batch *batch = data;
    MailPipe *pipe = batch->pipe;
    if (error != NULL && quarantine_alone(batch, error))
        return;
    g_mutex_lock(&pipe->mutex);
    batch_settle(pipe, batch, error);
    unlock_and_submit(pipe);
}

static void item_ready(gpointer data, Delivery *delivery, const GError *error) {
    (void)delivery;
    Item *item = data;
    MailPipe *pipe = item->pipe;
    g_mutex_lock(&pipe->mutex);
    item->is_ready = error == NULL;
    if (error != NULL && pipe->failure == NULL)
        pipe->failure = g_error_copy(error);
    pipe->reading--;
    unlock_and_submit(pipe);
}

// With the lock held; leaves it for a moment.
static void free_used(MailPipe *pipe) {
    for (Batch *batch; (batch = g_queue_pop_head(&pipe->used)) != NULL;) {
        g_mutex_unlock(&pipe->mutex);
        batch_free(batch);
        g_mutex_lock(&pipe->mutex);
    }
}

static gboolean is_full(const MailPipe *pipe, gsize size) {
    return pipe->mails >= MAILS_MAXIMUM || (pipe->mails > 0 && pipe->bytes + size > BYTES_MAXIMUM);
}

static gboolean copy_failure(const MailPipe *pipe, GError **error) {
    if (pipe->failure == NULL)
        return TRUE;
    g_propagate_error(error, g_error_copy(pipe->failure));
    return FALSE;
}

gboolean mail_pipe_push(MailPipe *pipe, Delivery *delivery, GError **error) {
    Item *item = g_new0(Item, 1);
    item->pipe = pipe;
    item->delivery = delivery;
    item->size = delivery->raw == NULL ? 0 : g_bytes_get_size(delivery->raw);
    g_mutex_lock(&pipe->mutex);
    free_used(pipe);
    while (pipe->failure == NULL && is_full(pipe, item->size)) {
        g_cond_wait(&pipe->cond, &pipe->mutex);
        free_used(pipe);
    }
    gboolean is_good = copy_failure(pipe, error);
    if (is_good) {
        g_queue_push_tail(&pipe->waiting, item);
        pipe->mails++;
        pipe->reading++;
        pipe->bytes += item->size;
    }
    g_mutex_unlock(&pipe->mutex);
    if (is_good)
        mail_intake_read(pipe->intake, delivery, pipe->place.is_outbound, item_ready, item);
    else
        item_free(item);
    return is_good;
}

gboolean mail_pipe_finish(MailPipe *pipe, MailPipeCounts *counts, GError **error) {
    g_mutex_lock(&pipe->mutex);
    while (pipe->reading > 0 || pipe->has_job ||
           (pipe->waiting.length > 0 && pipe->failure == NULL))
        g_cond_wait(&pipe->cond, &pipe->mutex);
    free_used(pipe);
    gboolean is_good = copy_failure(pipe, error);
    if (counts != NULL)
        *counts = pipe->counts;
    g_mutex_unlock(&pipe->mutex);
    return is_good;
}

void mail_pipe_free(MailPipe *pipe) {
    if (pipe == NULL)
        return;
    mail_pipe_finish(pipe, NULL, NULL);
    g_queue_clear_full(&pipe->waiting, (GDestroyNotify)item_free);
    g_mutex_clear(&pipe->mutex);
    g_cond_clear(&pipe->cond);
    g_clear_error(&pipe->failure);
    g_free(pipe->folder);
    g_free(pipe);
}
