#include "desk/poller.h"

#include "base/error.h"
#include "base/log.h"
#include "channels/registry.h"
#include "desk/channel_admin.h"
#include "desk/hook.h"
#include "desk/poll_answer.h"
#include "desk/provider_call.h"
#include "store/mailbox.h"

#define BODY_LIMIT (64 * 1024 * 1024)
#define PAUSE_MIN_MS 1000 // after an answer that brought nothing at once
#define PAUSE_MAX_MS 300000
#define FAILURES_SHOWN 3 // so many in a row are shown as the channel's state

typedef struct {
    Id channel_id;
    gint64 version; // of the channel's row, when it was begun
    gboolean is_running;
    gint64 due; // monotonic ms
    gint64 sent_at;
    guint failures;
} Poll;

struct Poller {
    Store *store;
    ChannelDirectory *channels;
    Inbound *inbound;
    HttpClient *client;
    GAsyncQueue *queue; // of Notice
    GHashTable *polls;  // channel id -> Poll; the thread's own
    GThread *thread;
};

// What wakes the thread. Without a channel: the directory changed, or (is_end) it is over.
typedef struct {
    Id channel_id;
    HttpAnswer *answer;
    gboolean is_end;
    Poller *poller;
} Notice;

static void notice_free(Notice *notice) {
    http_answer_free(notice->answer);
    g_free(notice);
}

static void directory_changed(gpointer data) {
    Poller *poller = data;
    g_async_queue_push(poller->queue, g_new0(Notice, 1));
}

static void answered(HttpAnswer *answer, gpointer data) {
    Notice *notice = data;
    notice->answer = answer;
    g_async_queue_push(notice->poller->queue, notice);
}

static gboolean is_wanted(const ChannelConfig *config) {
    const ChannelKind *kind = registry_find(config->kind);
    return kind != NULL && kind->poll != NULL && config->state != CHANNEL_PAUSED &&
           config->state != CHANNEL_NEEDS_SIGN_IN;
}

// Every channel that can be polled has its Poll; one that was changed is tried at once.
static void look_at_channels(Poller *poller) {
    g_autoptr(GPtrArray) list = channel_directory_list(poller->channels, NULL);
    for (guint at = 0; at < list->len; at++) {
        const ChannelConfig *config = list->pdata[at];
        Poll *poll = g_hash_table_lookup(poller->polls, &config->id);
        if (!is_wanted(config))
            continue;
        if (poll == NULL) {
            poll = g_new0(Poll, 1);
            poll->channel_id = config->id;
            g_hash_table_insert(poller->polls, &poll->channel_id, poll);
        }
        if (poll->version != config->version) {
            poll->version = config->version;
            poll->failures = 0;
            poll->due = 0;
        }
    }
}

static char *read_cursor(const Poller *poller, Id channel_id, GError **error) {
    Db *db = store_reader_take(poller->store, error);
    g_autoptr(Mailbox) mailbox = db != NULL ? mailbox_read(db, channel_id, "", error) : NULL;
    if (db != NULL)
        store_reader_give(poller->store, db);
    return mailbox != NULL ? g_strdup(mailbox->cursor) : NULL;
}

static void back_off(Poll *poll) {
    poll->failures = MIN(poll->failures + 1, 20);
    gint64 pause = (gint64)PAUSE_MIN_MS << MIN(poll->failures, 9);
    poll->due = clock_monotonic() + MIN(pause, PAUSE_MAX_MS) + g_random_int_range(0, 1000);
}

// FALSE where the channel is not polled (any more).
static gboolean send_poll(Poller *poller, Poll *poll) {
    g_autoptr(GError) error = NULL;
    g_autoptr(ChannelConfig) config = channel_directory_find(poller->channels, poll->channel_id);
    if (config == NULL || !is_wanted(config))
        return FALSE;
    g_autofree char *cursor = read_cursor(poller, poll->channel_id, &error);
    if (error != NULL) {
        back_off(poll);
        return TRUE;
    }
    HttpRequest *request = registry_find(config->kind)->poll(config, cursor);
    if (request == NULL)
        return FALSE;
    Notice *notice = g_new0(Notice, 1);
    *notice = (Notice){.channel_id = poll->channel_id, .poller = poller};
    HttpPolicy policy = provider_policy(request, BODY_LIMIT);
    poll->is_running = TRUE;
    poll->sent_at = clock_monotonic();
    http_client_send(poller->client, request, &policy, answered, notice);
    return TRUE;
}

// Sends what is due; gives when to look again, in ms from now, -1: when woken.
static gint64 send_due(Poller *poller) {
    gint64 now = clock_monotonic();
    gint64 next = -1;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, poller->polls);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Poll *poll = value;
        if (poll->is_running)
            continue;
        if (poll->due <= now && !send_poll(poller, poll))
            g_hash_table_iter_remove(&iter);
        else if (!poll->is_running)
            next = next == -1 ? poll->due - now : MIN(next, poll->due - now);
    }
    return next != -1 ? MAX(next, 1) : -1;
}

static void note_failure(Poller *poller, Poll *poll, const ChannelConfig *config,
                         const GError *error) {
    char id[ID_TEXT_SIZE];
    gboolean is_refused = error_kind(error) == ERROR_UNAUTHENTICATED;
    back_off(poll);
    if (!is_refused && poll->failures != FAILURES_SHOWN)
        return;
    log_error(error, "poll_failed", "channel", id_format(config->id, id), NULL);
    poll_note_state(poller->store, config->id, is_refused ? CHANNEL_NEEDS_SIGN_IN : CHANNEL_FAILING,
                    error->message);
}

static void note_success(Poller *poller, Poll *poll, const ChannelConfig *config, guint count) {
    gint64 now = clock_monotonic();
    gboolean was_quick = now - poll->sent_at < PAUSE_MIN_MS;
    poll->failures = 0;
    poll->due = count == 0 && was_quick ? now + PAUSE_MIN_MS : now;
    if (config->state == CHANNEL_FAILING)
        poll_note_state(poller->store, config->id, CHANNEL_ACTIVE, NULL);
}

static void take_answer(Poller *poller, const Notice *notice) {
    Poll *poll = g_hash_table_lookup(poller->polls, &notice->channel_id);
    if (poll == NULL)
        return;
    poll->is_running = FALSE;
    g_autoptr(ChannelConfig) config = channel_directory_find(poller->channels, poll->channel_id);
    if (config == NULL || !is_wanted(config) || config->version != poll->version)
        return; // nothing was confirmed: whatever it brought comes again
    g_autoptr(GError) error = NULL;
    guint count = 0;
    PollContext context = {poller->store, poller->inbound, poller->client};
    if (poll_answer_store(&context, config, notice->answer, &count, &error))
        note_success(poller, poll, config, count);
    else
        note_failure(poller, poll, config, error);
}

static gpointer poller_run(gpointer data) {
    Poller *poller = data;
    gboolean is_over = FALSE;
    look_at_channels(poller);
    while (!is_over) {
        gint64 wait = send_due(poller);
        Notice *notice = wait == -1
                             ? g_async_queue_pop(poller->queue)
                             : g_async_queue_timeout_pop(poller->queue, (guint64)wait * 1000);
        if (notice == NULL)
            continue;
        is_over = notice->is_end;
        if (notice->channel_id != 0)
            take_answer(poller, notice);
        else
            look_at_channels(poller);
        notice_free(notice);
    }
    return NULL;
}

Poller *poller_new(Store *store, ChannelDirectory *channels, Inbound *inbound, HttpClient *client) {
    Poller *poller = g_new0(Poller, 1);
    *poller = (Poller){.store = store, .channels = channels, .inbound = inbound, .client = client};
    poller->queue = g_async_queue_new_full((GDestroyNotify)notice_free);
    poller->polls = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    channel_directory_watch(channels, directory_changed, poller);
    poller->thread = g_thread_new("poller", poller_run, poller);
    return poller;
}

void poller_free(Poller *poller) {
    if (poller == NULL)
        return;
    channel_directory_unwatch(poller->channels, poller);
    Notice *end = g_new0(Notice, 1);
    end->is_end = TRUE;
    g_async_queue_push(poller->queue, end);
    g_thread_join(poller->thread);
    g_async_queue_unref(poller->queue);
    g_hash_table_unref(poller->polls);
    g_free(poller);
}
