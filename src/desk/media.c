#include "desk/media.h"

#include "base/error.h"
#include "base/log.h"
#include "desk/media_fetch.h"
#include "desk/record.h"
#include "store/attachment.h"

#define WORKERS 4
#define BATCH 32
#define LOOK_PAUSE_MS 100 // between looks at the store, however many commits there are
#define ATTEMPTS_MAX 12
#define PAUSE_MS 5000
#define PAUSE_MAX_MS (6 * 3600 * 1000)

struct Media {
    Store *store;
    ChannelDirectory *channels;
    HttpClient *client;
    GThread *thread;
    GThreadPool *workers;
    GMutex mutex; // guards all below
    GCond woken;
    gboolean is_ending;
    gboolean has_news;
    GHashTable *running; // set of attachment ids
};

typedef struct {
    const PendingAttachment *pending;
    Blob *blob; // NULL: missed
    Instant next_at;
} SettleJob;

static gboolean settle_run(Db *db, gpointer data, GError **error) {
    const SettleJob *job = data;
    gboolean good = job->blob != NULL
                        ? attachment_set_stored(db, job->pending, job->blob, error)
                        : attachment_set_missed(db, job->pending, job->next_at, error);
    if (!good || (job->blob == NULL && job->next_at != INSTANT_NONE))
        return good;
    g_autoptr(Event) event = event_new(
        EVENT_DELIVERY_CHANGED, job->pending->conversation_id, ACTOR_SYSTEM, 0,
        json_pack("{s:s}", "state", job->blob != NULL ? "attachment_stored" : "attachment_failed"));
    event->message_id = job->pending->message_id;
    event->channel_id = job->pending->channel_id;
    return record_event(db, event, error);
}

static Instant next_attempt(const PendingAttachment *pending, const GError *error) {
    gint64 pause = (gint64)PAUSE_MS << MIN(pending->attempts, 12);
    if (error_kind(error) == ERROR_INVALID || pending->attempts + 1 >= ATTEMPTS_MAX)
        return INSTANT_NONE;
    return clock_now() + MIN(pause, PAUSE_MAX_MS);
}

static void log_missed(const PendingAttachment *pending, const GError *error) {
    char id[ID_TEXT_SIZE];
    log_error(error, "attachment_missed", "attachment", id_format(pending->id, id), NULL);
}

static void fetch(gpointer item, gpointer data) {
    PendingAttachment *pending = item;
    Media *media = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = media_fetch(media->channels, media->client, pending, &error);
    g_autoptr(Blob) blob = bytes != NULL ? blob_prepare(media->store, bytes, &error) : NULL;
    SettleJob job = {.pending = pending, .blob = blob, .next_at = INSTANT_NONE};
    if (blob == NULL) {
        job.next_at = next_attempt(pending, error);
        log_missed(pending, error);
    }
    g_autoptr(GError) failure = NULL;
    if (!writer_run(store_writer(media->store), settle_run, &job, &failure))
        log_missed(pending, failure);
    g_mutex_lock(&media->mutex);
    g_hash_table_remove(media->running, &pending->id);
    g_mutex_unlock(&media->mutex);
    pending_attachment_free(pending);
}

// Hands out what is due; gives when the next is, INSTANT_NONE: none.
static Instant begin_due(Media *media, Db *db) {
    Instant due = INSTANT_NONE;
    Instant now = clock_now();
    g_autoptr(GPtrArray) list = attachment_list_due(db, now, BATCH, NULL);
    for (guint at = 0; list != NULL && at < list->len; at++) {
        PendingAttachment *pending = list->pdata[at];
        g_mutex_lock(&media->mutex);
        gboolean is_new = !media->is_ending && g_hash_table_add(media->running, &pending->id);
        g_mutex_unlock(&media->mutex);
        if (is_new)
            g_thread_pool_push(media->workers, g_steal_pointer(&list->pdata[at]), NULL);
    }
    attachment_next_due(db, &due, NULL);
    return due;
}

static Instant look(Media *media) {
    Db *db = store_reader_take(media->store, NULL);
    if (db == NULL)
        return clock_now() + PAUSE_MS;
    Instant due = begin_due(media, db);
    store_reader_give(media->store, db);
    return due;
}

// Until there is news, what is due next, or the end. TRUE: go on.
static gboolean wait_for_news(Media *media, Instant due) {
    gint64 pause = due != INSTANT_NONE ? CLAMP(due - clock_now(), LOOK_PAUSE_MS, 3600000) : 3600000;
    gint64 end = g_get_monotonic_time() + pause * 1000;
    while (!media->is_ending && !media->has_news)
        if (!g_cond_wait_until(&media->woken, &media->mutex, end))
            break;
    gint64 rest = g_get_monotonic_time() + LOOK_PAUSE_MS * 1000;
    while (!media->is_ending && g_cond_wait_until(&media->woken, &media->mutex, rest))
        ;
    media->has_news = FALSE;
    return !media->is_ending;
}

static gpointer media_run(gpointer data) {
    Media *media = data;
    gboolean goes_on = TRUE;
    while (goes_on) {
        Instant due = look(media);
        g_mutex_lock(&media->mutex);
        goes_on = wait_for_news(media, due);
        g_mutex_unlock(&media->mutex);
    }
    return NULL;
}

static void committed(gpointer data) {
    Media *media = data;
    g_mutex_lock(&media->mutex);
    if (!media->has_news) {
        media->has_news = TRUE;
        g_cond_signal(&media->woken);
    }
    g_mutex_unlock(&media->mutex);
}

Media *media_new(Store *store, ChannelDirectory *channels, HttpClient *client) {
    Media *media = g_new0(Media, 1);
    *media = (Media){.store = store, .channels = channels, .client = client};
    media->running = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_mutex_init(&media->mutex);
    g_cond_init(&media->woken);
    media->workers = g_thread_pool_new(fetch, media, WORKERS, FALSE, NULL);
    media->thread = g_thread_new("media", media_run, media);
    writer_on_commit(store_writer(store), committed, media);
    return media;
}

void media_free(Media *media) {
    if (media == NULL)
        return;
    writer_off_commit(store_writer(media->store), committed, media);
    g_mutex_lock(&media->mutex);
    media->is_ending = TRUE;
    g_cond_signal(&media->woken);
    g_mutex_unlock(&media->mutex);
    g_thread_join(media->thread);
    g_thread_pool_free(media->workers, FALSE, TRUE);
    g_hash_table_unref(media->running);
    g_cond_clear(&media->woken);
    g_mutex_clear(&media->mutex);
    g_free(media);
}
