#include "desk/live_events.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "desk/live_notices.h"
#include "desk/live_ring.h"
#include "desk/live_told.h"
#include "desk/live_visibility.h"
#include "store/event.h"

#define READ_AT_ONCE 500          // events of one query
#define BACKLOG_FULL (256 * 1024) // bytes: no more is offered until some were taken
#define STANDSTILL_MS 10000       // lagging and taking nothing for so long: ended
#define HEARTBEAT_MS 15000
#define ALLOWED_MS 3000
#define LAGGING_TICK_MS 20
#define TICK_MS 1000
#define SUBSCRIPTIONS_A_MS 10
#define PACE_MAX_MS 50
#define OWNER_MAX 20
#define ALL_MAX 2000

typedef struct {
    const LiveSubscriber *calls;
    gpointer data;
    Id owner;
    gint64 position; // the last event that it was offered
    gsize backlog;   // at the last look
    gint64 moved_at; // when it last took something, or had nothing to take
    gint64 offered_at;
    const char *ended; // why, once it has
} Subscription;

struct LiveEvents {
    Store *store;
    char *heartbeat;
    GThread *thread;
    GMutex mutex;
    GCond woken;
    gboolean is_woken;
    gboolean is_ending;
    GPtrArray *joining; // of Subscription, under mutex
    GHashTable *owners; // Id -> count, under mutex
    guint count;        // under mutex
    GPtrArray *told;    // of Told, under mutex
    // The live thread's own:
    GPtrArray *subscriptions;
    LiveRing ring;
    Id last_notice; // that was told
    gint64 allowed_at;
    gint64 worked_at;          // microseconds
    LiveVisibility visibility; // of this round
};

static gpointer follow(gpointer data);

static void wake(gpointer data) {
    LiveEvents *live = data;
    g_mutex_lock(&live->mutex);
    live->is_woken = TRUE;
    g_cond_signal(&live->woken);
    g_mutex_unlock(&live->mutex);
}

LiveEvents *live_events_new(Store *store, LiveFormat format, const char *heartbeat) {
    LiveEvents *live = g_new0(LiveEvents, 1);
    live->store = store;
    live_ring_init(&live->ring, format);
    live->heartbeat = g_strdup(heartbeat);
    g_mutex_init(&live->mutex);
    g_cond_init(&live->woken);
    live_visibility_init(&live->visibility);
    live->joining = g_ptr_array_new();
    live->told = live_told_new();
    live->subscriptions = g_ptr_array_new();
    live->owners = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    live->thread = g_thread_new("live-events", follow, live);
    writer_on_commit(store_writer(store), wake, live);
    return live;
}

void live_events_stop(LiveEvents *live) {
    if (live->thread == NULL)
        return;
    writer_off_commit(store_writer(live->store), wake, live);
    g_mutex_lock(&live->mutex);
    live->is_ending = TRUE;
    g_cond_signal(&live->woken);
    g_mutex_unlock(&live->mutex);
    g_thread_join(g_steal_pointer(&live->thread));
}

void live_events_free(LiveEvents *live) {
    if (live == NULL)
        return;
    live_events_stop(live);
    live_ring_clear(&live->ring);
    live_visibility_clear(&live->visibility);
    g_ptr_array_unref(live->joining);
    g_ptr_array_unref(live->told);
    g_ptr_array_unref(live->subscriptions);
    g_hash_table_unref(live->owners);
    g_free(live->heartbeat);
    g_cond_clear(&live->woken);
    g_mutex_clear(&live->mutex);
    g_free(live);
}

static guint owner_count(LiveEvents *live, Id owner) {
    return GPOINTER_TO_UINT(g_hash_table_lookup(live->owners, &owner));
}

static void owner_add(LiveEvents *live, Id owner, int by) {
    guint count = (guint)((int)owner_count(live, owner) + by);
    if (count == 0)
        g_hash_table_remove(live->owners, &owner);
    else
        g_hash_table_replace(live->owners, g_memdup2(&owner, sizeof owner),
                             GUINT_TO_POINTER(count));
    live->count = (guint)((int)live->count + by);
}

gboolean live_events_subscribe(LiveEvents *live, gint64 after, Id owner,
                               const LiveSubscriber *subscriber, gpointer data, GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&live->mutex);
    if (live->is_ending || live->count >= ALL_MAX ||
        (owner != 0 && owner_count(live, owner) >= OWNER_MAX)) {
        error_set(error, ERROR_LIMIT, "streams_too_many",
                  "too many event streams are open: close one");
        return FALSE;
    }
    Subscription *subscription = g_new0(Subscription, 1);
    gint64 now = clock_monotonic();
    *subscription = (Subscription){.calls = subscriber,
                                   .data = data,
                                   .owner = owner,
                                   .position = after,
                                   .moved_at = now,
                                   .offered_at = now};
    g_ptr_array_add(live->joining, subscription);
    owner_add(live, owner, 1);
    live->is_woken = TRUE;
    g_cond_signal(&live->woken);
    return TRUE;
}

void live_events_tell(LiveEvents *live, Id owner, Id conversation_id, const char *json) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&live->mutex);
    if (live->is_ending || (owner != 0 && owner_count(live, owner) == 0))
        return;
    live_told_add(live->told, owner, conversation_id, json);
    live->is_woken = TRUE;
    g_cond_signal(&live->woken);
}

GArray *live_events_owners(LiveEvents *live) {
    GArray *owners = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&live->mutex);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, live->owners);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (*(const Id *)key != 0)
            g_array_append_val(owners, *(const Id *)key);
    return owners;
}

guint live_events_count(LiveEvents *live) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&live->mutex);
    return live->count;
}

// Reads what was committed since. The first time nobody needs the past in the ring.
static gboolean read_new(LiveEvents *live, Db *db, GError **error) {
    if (live->ring.last < 0)
        return event_last_seq(db, &live->ring.last, error);
    guint count;
    do {
        g_autoptr(GPtrArray) events = event_list_since(db, live->ring.last, READ_AT_ONCE, error);
        if (events == NULL)
            return FALSE;
        for (guint at = 0; at < events->len; at++)
            live_ring_add(&live->ring, events->pdata[at]);
        count = events->len;
    } while (count == READ_AT_ONCE);
    return TRUE;
}

static gboolean offer(Subscription *subscription, const char *bytes, gsize length, gint64 now) {
    if (!subscription->calls->offer(subscription->data, bytes, length))
        subscription->ended = "gone";
    subscription->offered_at = now;
    return subscription->ended == NULL;
}

// What is hidden from the subscriber counts as offered.
static gboolean offer_entry(LiveEvents *live, Db *db, Subscription *subscription,
                            const LiveEntry *entry, gint64 now) {
    if (!live_visibility_may_see(&live->visibility, db, subscription->owner, entry->conversation_id,
                                 entry->channel_id))
        return TRUE;
    gsize length;
    const char *data = g_bytes_get_data(entry->bytes, &length);
    return offer(subscription, data, length, now);
}

static gboolean has_room(const Subscription *subscription) {
    return subscription->ended == NULL &&
           subscription->calls->backlog(subscription->data) < BACKLOG_FULL;
}

// The part of the past that the ring no longer holds: one query a round.
static gboolean offer_past(LiveEvents *live, Db *db, Subscription *subscription, gint64 now,
                           GError **error) {
    if (live_ring_has(&live->ring, subscription->position) || !has_room(subscription))
        return TRUE;
    g_autoptr(GPtrArray) events = event_list_since(db, subscription->position, READ_AT_ONCE, error);
    if (events == NULL)
        return FALSE;
    for (guint at = 0; at < events->len && has_room(subscription); at++) {
        const Event *event = events->pdata[at];
        g_autoptr(LiveEntry) entry = live_entry_new(live->ring.format, event);
        if (event->seq <= live->ring.last && offer_entry(live, db, subscription, entry, now))
            subscription->position = event->seq;
    }
    return TRUE;
}

static void offer_ring(LiveEvents *live, Db *db, Subscription *subscription, gint64 now) {
    if (!live_ring_has(&live->ring, subscription->position))
        return;
    GList *at = live_ring_after(&live->ring, subscription->position);
    for (; at != NULL && has_room(subscription); at = at->next)
        if (offer_entry(live, db, subscription, at->data, now))
            subscription->position++;
}

static void judge_pace(LiveEvents *live, Subscription *subscription, gint64 now) {
    gsize backlog = subscription->calls->backlog(subscription->data);
    if (subscription->position >= live->ring.last || backlog < subscription->backlog ||
        backlog < BACKLOG_FULL)
        subscription->moved_at = now;
    subscription->backlog = backlog;
    if (subscription->ended == NULL && now - subscription->moved_at > STANDSTILL_MS)
        subscription->ended = "slow";
}

static gboolean serve(LiveEvents *live, Db *db, Subscription *subscription, gint64 now,
                      GError **error) {
    // A client may know events that a restored copy does not: it begins at the end.
    subscription->position = MIN(subscription->position, live->ring.last);
    if (!offer_past(live, db, subscription, now, error))
        return FALSE;
    offer_ring(live, db, subscription, now);
    if (now - subscription->offered_at >= HEARTBEAT_MS && has_room(subscription))
        offer(subscription, live->heartbeat, strlen(live->heartbeat), now);
    judge_pace(live, subscription, now);
    return TRUE;
}

static void end(LiveEvents *live, Subscription *subscription) {
    subscription->calls->ended(subscription->data, subscription->ended);
    g_mutex_lock(&live->mutex);
    owner_add(live, subscription->owner, -1);
    g_mutex_unlock(&live->mutex);
    g_free(subscription);
}

static void end_ended(LiveEvents *live) {
    for (guint at = live->subscriptions->len; at-- > 0;) {
        Subscription *subscription = live->subscriptions->pdata[at];
        if (subscription->ended == NULL)
            continue;
        g_ptr_array_remove_index_fast(live->subscriptions, at);
        end(live, subscription);
    }
}

static void ask_allowed(LiveEvents *live, Db *db, gint64 now) {
    if (now - live->allowed_at < ALLOWED_MS)
        return;
    live->allowed_at = now;
    for (guint at = 0; at < live->subscriptions->len; at++) {
        Subscription *subscription = live->subscriptions->pdata[at];
        if (!subscription->calls->is_allowed(subscription->data, db))
            subscription->ended = "not_allowed";
    }
}

static void tell(LiveEvents *live, Db *db, const Told *told) {
    gsize length;
    const char *data = g_bytes_get_data(told->bytes, &length);
    for (guint at = 0; at < live->subscriptions->len; at++) {
        Subscription *subscription = live->subscriptions->pdata[at];
        if ((told->owner == 0 || told->owner == subscription->owner) && has_room(subscription) &&
            live_visibility_may_see(&live->visibility, db, subscription->owner,
                                    told->conversation_id, 0))
            offer(subscription, data, length, clock_monotonic());
    }
}

static void tell_all(LiveEvents *live, Db *db) {
    g_mutex_lock(&live->mutex);
    g_autoptr(GPtrArray) told = live->told;
    live->told = live_told_new();
    g_mutex_unlock(&live->mutex);
    for (guint at = 0; at < told->len; at++)
        tell(live, db, told->pdata[at]);
}

static gboolean work(LiveEvents *live, Db *db, GError **error) {
    gint64 now = clock_monotonic();
    if (!read_new(live, db, error) || !live_visibility_begin(&live->visibility, db, error))
        return FALSE;
    ask_allowed(live, db, now);
    for (guint at = 0; at < live->subscriptions->len; at++) {
        Subscription *subscription = live->subscriptions->pdata[at];
        if (subscription->ended == NULL && !serve(live, db, subscription, now, error))
            return FALSE;
    }
    if (!live_notices_tell(live, db, &live->last_notice, error))
        return FALSE;
    tell_all(live, db);
    return TRUE;
}

static void work_once(LiveEvents *live) {
    g_autoptr(GError) error = NULL;
    live->worked_at = g_get_monotonic_time();
    Db *db = store_reader_take(live->store, &error);
    if (db == NULL || !work(live, db, &error))
        log_error(error, "live_events_unread", NULL);
    if (db != NULL)
        store_reader_give(live->store, db);
    end_ended(live);
}

static gboolean is_lagging(const LiveEvents *live) {
    for (guint at = 0; at < live->subscriptions->len; at++)
        if (((const Subscription *)live->subscriptions->pdata[at])->position < live->ring.last)
            return TRUE;
    return FALSE;
}

// When to look again, whether anything happened or not. The more there are to tell, the more is
// told at once: 200 get a part every 20 ms, 500 and more every 50.
static gint64 next_look(const LiveEvents *live, gboolean is_woken) {
    gint64 pace = MIN(live->subscriptions->len / SUBSCRIPTIONS_A_MS, PACE_MAX_MS);
    gint64 tick = is_lagging(live) ? LAGGING_TICK_MS : TICK_MS;
    return live->worked_at + (is_woken ? pace : MAX(tick, pace)) * G_TIME_SPAN_MILLISECOND;
}

// Waits for a commit, a newcomer or the time to look anyway. FALSE: the end.
static gboolean wait(LiveEvents *live) {
    gint64 at_the_latest = next_look(live, FALSE);
    gint64 at_the_earliest = next_look(live, TRUE);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&live->mutex);
    while (!live->is_ending) {
        gint64 until = live->is_woken ? at_the_earliest : at_the_latest;
        if (g_get_monotonic_time() >= until)
            break;
        g_cond_wait_until(&live->woken, &live->mutex, until);
    }
    live->is_woken = FALSE;
    for (guint at = 0; at < live->joining->len; at++)
        g_ptr_array_add(live->subscriptions, live->joining->pdata[at]);
    g_ptr_array_set_size(live->joining, 0);
    return !live->is_ending;
}

static gpointer follow(gpointer data) {
    LiveEvents *live = data;
    do
        work_once(live);
    while (wait(live));
    for (guint at = 0; at < live->subscriptions->len; at++)
        ((Subscription *)live->subscriptions->pdata[at])->ended = "ending";
    end_ended(live);
    return NULL;
}
