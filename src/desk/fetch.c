#include "desk/fetch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "desk/fetch_mailbox.h"
#include "store/channel.h"

#define WORKERS 8         // for mailboxes that are well
#define SUSPECT_WORKERS 4 // for those that failed last time
#define LONGEST_MS 60000  // between two looks at the slots

typedef struct {
    Fetch *fetch;
    FetchMailbox *mailbox; // of the thread that set is_busy, else of the watcher
    gint64 due;            // monotonic
    guint failures;
    gboolean is_busy;
    gboolean is_woken; // while busy
    gboolean is_gone;  // the channel was removed, paused or changed
} Slot;

struct Fetch {
    ChannelDirectory *channels;
    MailIntake *intake;
    FetchOptions options;
    GMutex mutex;
    GPtrArray *slots; // of Slot
    gint stopping;
    gint has_changed; // of the directory
    int wake;         // eventfd
    GThread *watcher;
    GThreadPool *workers;
    GThreadPool *suspects;
};

gint64 fetch_backoff(guint failures, gboolean is_sign_in, double chance) {
    gint64 base = is_sign_in ? 60000 : 3000;
    gint64 most = is_sign_in ? 3600000 : 900000;
    gint64 wait = base;
    for (guint times = 1; times < failures && wait < most; times++)
        wait *= is_sign_in ? 4 : 2;
    wait = MIN(wait, most);
    return wait - (gint64)((double)wait * 0.2 * chance);
}

static void ring(Fetch *fetch) {
    guint64 one = 1;
    if (write(fetch->wake, &one, sizeof one) < 0)
        return; // full: it will wake all the same
}

static void slot_free(Slot *slot) {
    fetch_mailbox_free(slot->mailbox);
    g_free(slot);
}

typedef struct {
    Id channel_id;
    ChannelState state;
    char *reason;
} StateJob;

static gboolean state_run(Db *db, gpointer data, GError **error) {
    const StateJob *job = data;
    return channel_set_state(db, job->channel_id, job->state, job->reason, error);
}

static void state_done(gpointer data, const GError *error) {
    (void)error; // the next turn says it again
    StateJob *job = data;
    g_free(job->reason);
    g_free(job);
}

static void set_state(Fetch *fetch, Id channel_id, ChannelState state, const char *reason) {
    StateJob *job = g_new(StateJob, 1);
    *job = (StateJob){channel_id, state, g_strdup(reason)};
    writer_submit(store_writer(mail_intake_store(fetch->intake)), state_run, state_done, job);
}

static void report_failure(Fetch *fetch, const Slot *slot, const GError *error) {
    Id id = fetch_mailbox_config(slot->mailbox)->id;
    char text[ID_TEXT_SIZE];
    gboolean is_sign_in = error_kind(error) == ERROR_UNAUTHENTICATED;
    log_error(error, "fetch_failed", "channel", id_format(id, text), NULL);
    // Once may be chance; a refused sign-in is not.
    if (is_sign_in)
        set_state(fetch, id, CHANNEL_NEEDS_SIGN_IN, error->message);
    else if (slot->failures >= 2 && error_kind(error) != ERROR_UNAVAILABLE)
        set_state(fetch, id, CHANNEL_FAILING, error->message);
}

static void report_turn(Fetch *fetch, const Slot *slot, const FetchTurn *turn) {
    Id id = fetch_mailbox_config(slot->mailbox)->id;
    char text[ID_TEXT_SIZE];
    id_format(id, text);
    if (turn->was_changed)
        log_event(LOG_WARNING, "uid_validity_changed", "channel", text, NULL);
    if (turn->fetched > 0) {
        g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, turn->fetched);
        log_event(LOG_INFO, "mail_fetched", "channel", text, "mails", count, NULL);
    }
    if (turn->missing > 0) {
        g_autofree char *reason = g_strdup_printf(
            "%" G_GINT64_FORMAT " mails of the server could not be taken", turn->missing);
        log_event(LOG_ERROR, "ledger_gap", "channel", text, "reason", reason, NULL);
        set_state(fetch, id, CHANNEL_FAILING, reason);
    } else if (turn->problem != NULL) {
        log_error(turn->problem, "folder_missing", "channel", text, NULL);
        set_state(fetch, id, CHANNEL_FAILING, turn->problem->message);
    } else if (slot->failures > 0 || fetch_mailbox_config(slot->mailbox)->state != CHANNEL_ACTIVE)
        set_state(fetch, id, CHANNEL_ACTIVE, NULL);
}

// One turn, on a working thread.
static void work(gpointer item, gpointer data) {
    Slot *slot = item;
    Fetch *fetch = data;
    FetchTurn turn;
    g_autoptr(GError) error = NULL;
    gboolean is_good = fetch_mailbox_turn(slot->mailbox, &turn, &error);
    gboolean is_stopping = g_atomic_int_get(&fetch->stopping) != 0;
    gint64 wait = turn.next_ms;
    if (!is_good) {
        slot->failures++;
        wait = fetch_backoff(slot->failures, error_kind(error) == ERROR_UNAUTHENTICATED,
                             g_random_double());
    }
    if (is_good)
        report_turn(fetch, slot, &turn);
    else if (!is_stopping)
        report_failure(fetch, slot, error);
    g_clear_error(&turn.problem);
    g_mutex_lock(&fetch->mutex);
    slot->failures = is_good ? 0 : slot->failures;
    slot->due = clock_monotonic() + (slot->is_woken && is_good ? 0 : wait);
    slot->is_woken = FALSE;
    slot->is_busy = FALSE;
    g_mutex_unlock(&fetch->mutex);
    ring(fetch);
}

static Slot *find_slot(const Fetch *fetch, Id channel_id) {
    for (guint at = 0; at < fetch->slots->len; at++) {
        Slot *slot = fetch->slots->pdata[at];
        if (!slot->is_gone && fetch_mailbox_config(slot->mailbox)->id == channel_id)
            return slot;
    }
    return NULL;
}

static void add_slot(Fetch *fetch, ChannelConfig *config) {
    g_autoptr(GError) error = NULL;
    char text[ID_TEXT_SIZE];
    FetchMailbox *mailbox =
        fetch_mailbox_new(config, &fetch->options, fetch->intake, &fetch->stopping, &error);
    if (mailbox == NULL) {
        if (!g_str_equal(error_code(error), "not_fetched"))
            log_error(error, "fetch_settings", "channel", id_format(config->id, text), NULL);
        return;
    }
    Slot *slot = g_new0(Slot, 1);
    slot->fetch = fetch;
    slot->mailbox = mailbox;
    slot->due = clock_monotonic();
    g_ptr_array_add(fetch->slots, slot);
}

// Slots follow the channels: a changed one begins anew. With the lock held.
static void follow_directory(Fetch *fetch) {
    g_autoptr(GPtrArray) configs = channel_directory_list(fetch->channels, "email");
    for (guint at = 0; at < fetch->slots->len; at++) {
        Slot *slot = fetch->slots->pdata[at];
        const ChannelConfig *config = fetch_mailbox_config(slot->mailbox);
        g_autoptr(ChannelConfig) now = channel_directory_find(fetch->channels, config->id);
        if (now == NULL || now->version != config->version || now->state == CHANNEL_PAUSED)
            slot->is_gone = TRUE;
    }
    for (guint at = 0; at < configs->len; at++) {
        ChannelConfig *config = configs->pdata[at];
        if (config->state != CHANNEL_PAUSED && find_slot(fetch, config->id) == NULL)
            add_slot(fetch, config);
    }
}

// With the lock held: frees slots that are gone, starts turns that are due. Gives the next due
// time.
static gint64 start_due(Fetch *fetch) {
    gint64 now = clock_monotonic();
    gint64 next = now + LONGEST_MS;
    for (guint at = fetch->slots->len; at > 0; at--) {
        Slot *slot = fetch->slots->pdata[at - 1];
        if (slot->is_busy)
            continue;
        if (slot->is_gone) {
            g_ptr_array_remove_index_fast(fetch->slots, at - 1);
            slot_free(slot);
        } else if (slot->due <= now) {
            slot->is_busy = TRUE;
            g_thread_pool_push(slot->failures > 0 ? fetch->suspects : fetch->workers, slot, NULL);
        } else
            next = MIN(next, slot->due);
    }
    return next;
}

// With the lock held: the sockets of idle sessions, after the wake-up handle.
static GArray *list_pollers(const Fetch *fetch, GPtrArray *parked) {
    GArray *pollers = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    struct pollfd wake = {.fd = fetch->wake, .events = POLLIN};
    g_array_append_val(pollers, wake);
    for (guint at = 0; at < fetch->slots->len; at++) {
        Slot *slot = fetch->slots->pdata[at];
        int handle = slot->is_busy ? -1 : fetch_mailbox_socket(slot->mailbox);
        struct pollfd poller = {.fd = handle, .events = POLLIN};
        if (handle < 0)
            continue;
        g_array_append_val(pollers, poller);
        g_ptr_array_add(parked, slot);
    }
    return pollers;
}

// Only this thread makes slots busy, so the parked ones are still its own.
static void watch_once(Fetch *fetch) {
    g_autoptr(GPtrArray) parked = g_ptr_array_new();
    g_mutex_lock(&fetch->mutex);
    if (g_atomic_int_compare_and_exchange(&fetch->has_changed, 1, 0))
        follow_directory(fetch);
    gint64 next = start_due(fetch);
    g_autoptr(GArray) pollers = list_pollers(fetch, parked);
    g_mutex_unlock(&fetch->mutex);
    gint64 wait = next - clock_monotonic();
    poll((struct pollfd *)(void *)pollers->data, pollers->len, (int)CLAMP(wait, 0, LONGEST_MS));
    guint64 count;
    if (g_array_index(pollers, struct pollfd, 0).revents != 0 &&
        read(fetch->wake, &count, sizeof count) < 0)
        return;
    for (guint at = 0; at < parked->len; at++) {
        Slot *slot = parked->pdata[at];
        if (g_array_index(pollers, struct pollfd, at + 1).revents == 0 ||
            !fetch_mailbox_has_news(slot->mailbox))
            continue;
        g_mutex_lock(&fetch->mutex);
        slot->due = 0;
        g_mutex_unlock(&fetch->mutex);
    }
}

static gpointer watch(gpointer data) {
    Fetch *fetch = data;
    while (g_atomic_int_get(&fetch->stopping) == 0)
        watch_once(fetch);
    return NULL;
}

static void directory_changed(gpointer data) {
    Fetch *fetch = data;
    g_atomic_int_set(&fetch->has_changed, 1);
    ring(fetch);
}

Fetch *fetch_new(ChannelDirectory *channels, MailIntake *intake, const FetchOptions *options) {
    Fetch *fetch = g_new0(Fetch, 1);
    fetch->channels = channels;
    fetch->intake = intake;
    fetch->options = *options;
    g_mutex_init(&fetch->mutex);
    fetch->slots = g_ptr_array_new();
    fetch->has_changed = 1;
    fetch->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    fetch->workers = g_thread_pool_new(work, fetch, WORKERS, FALSE, NULL);
    fetch->suspects = g_thread_pool_new(work, fetch, SUSPECT_WORKERS, FALSE, NULL);
    channel_directory_watch(channels, directory_changed,
                            fetch); // before the first look: none is missed
    fetch->watcher = g_thread_new("fetch", watch, fetch);
    return fetch;
}

void fetch_free(Fetch *fetch) {
    if (fetch == NULL)
        return;
    channel_directory_unwatch(fetch->channels, fetch);
    g_atomic_int_set(&fetch->stopping, 1);
    ring(fetch);
    g_thread_join(fetch->watcher);
    g_thread_pool_free(fetch->workers, FALSE, TRUE);
    g_thread_pool_free(fetch->suspects, FALSE, TRUE);
    g_ptr_array_set_free_func(fetch->slots, (GDestroyNotify)slot_free);
    g_ptr_array_unref(fetch->slots);
    close(fetch->wake);
    g_mutex_clear(&fetch->mutex);
    g_free(fetch);
}

void fetch_wake(Fetch *fetch, Id channel_id) {
    g_mutex_lock(&fetch->mutex);
    Slot *slot = find_slot(fetch, channel_id);
    if (slot != NULL && slot->is_busy)
        slot->is_woken = TRUE;
    else if (slot != NULL)
        slot->due = 0;
    g_mutex_unlock(&fetch->mutex);
    ring(fetch);
}
