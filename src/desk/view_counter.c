#include "desk/view_counter.h"

#include "base/log.h"
#include "desk/view_changes.h"
#include "desk/view_panel.h"
#include "desk/view_watch.h"
#include "store/event.h"

#define ROUND_MS 1000     // between two rounds
#define NAMES_MS 5000     // between two looks at names
#define AGAIN_MS 60000    // what depends on the time, or is more than counted
#define KEPT_MS 900000    // what nobody asks for any more
#define ASKED_AT_ONCE 100 // conversations, before others get at the counts

struct ViewCounter {
    Store *store;
    LiveEvents *live;
    guint most;
    GThread *thread;
    GMutex round; // one at a time follows
    GMutex mutex; // of all below
    GCond woken;
    gboolean is_ending;
    GHashTable *touched; // ids as pointers, since the last round
    GHashTable *again;   // since the one before: their job was committed by now
    GHashTable *slots;   // key -> ViewSlot
    GPtrArray *panels;   // of all slots; NULL: to be made anew
    gint64 seq;
    guint64 names;
    gint64 names_at;
    // The thread's own:
    ViewWatch *watch;
};

static gpointer work(gpointer data);

ViewCounter *view_counter_new(Store *store, LiveEvents *live, guint most) {
    ViewCounter *counter = g_new0(ViewCounter, 1);
    counter->store = store;
    counter->live = live;
    counter->most = most;
    counter->seq = -1;
    g_mutex_init(&counter->round);
    g_mutex_init(&counter->mutex);
    g_cond_init(&counter->woken);
    counter->touched = g_hash_table_new(NULL, NULL);
    counter->again = g_hash_table_new(NULL, NULL);
    counter->slots =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)view_slot_free);
    counter->watch = view_watch_new();
    counter->thread = g_thread_new("view-counter", work, counter);
    return counter;
}

void view_counter_free(ViewCounter *counter) {
    if (counter == NULL)
        return;
    g_mutex_lock(&counter->mutex);
    counter->is_ending = TRUE;
    g_cond_signal(&counter->woken);
    g_mutex_unlock(&counter->mutex);
    g_thread_join(counter->thread);
    g_clear_pointer(&counter->panels, g_ptr_array_unref);
    g_hash_table_unref(counter->slots);
    g_hash_table_unref(counter->touched);
    g_hash_table_unref(counter->again);
    view_watch_free(counter->watch);
    g_cond_clear(&counter->woken);
    g_mutex_clear(&counter->mutex);
    g_mutex_clear(&counter->round);
    g_free(counter);
}

void view_counter_touch(ViewCounter *counter, Id conversation_id) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->mutex);
    g_hash_table_add(counter->touched, (gpointer)(gintptr)conversation_id);
}

// Whether anything at all is hidden from the agent.
static gboolean is_restricted(Db *db, Id agent_id, gboolean *restricted, GError **error) {
    return db_query_int(db,
                        "SELECT 1 WHERE EXISTS (SELECT 1 FROM hidden_channel WHERE agent_id = $1)"
                        " OR EXISTS (SELECT 1 FROM hidden_team WHERE agent_id = $1)",
                        DB_VALUES(DB_INT(agent_id)), &(gint64){0}, restricted, error);
}

// The slot that counts the line for the agent; made when there is none. NULL in slot: no search.
static gboolean slot_find(ViewCounter *counter, Db *db, const char *line, Id agent_id,
                          ViewSlot **slot, GError **error) {
    gboolean restricted;
    g_autoptr(SearchQuery) query = search_query_parse(line, NULL);
    *slot = NULL;
    if (query == NULL)
        return TRUE;
    if (!is_restricted(db, agent_id, &restricted, error))
        return FALSE;
    Id me = search_query_asks_who(query) ? agent_id : 0;
    Id viewer = restricted ? agent_id : 0;
    g_autofree char *key = view_slot_key(line, me, viewer);
    *slot = g_hash_table_lookup(counter->slots, key);
    if (*slot != NULL)
        return TRUE;
    *slot = view_slot_new(line, me, viewer, counter->most);
    g_hash_table_insert(counter->slots, (*slot)->key, *slot);
    g_clear_pointer(&counter->panels, g_ptr_array_unref);
    return TRUE;
}

static gboolean count_locked(ViewCounter *counter, Db *db, const char *line, Id agent_id,
                             gint64 *count, gboolean *is_exact, GError **error) {
    ViewSlot *slot;
    *count = 0;
    *is_exact = TRUE;
    if (!slot_find(counter, db, line, agent_id, &slot, error))
        return FALSE;
    if (slot == NULL)
        return TRUE;
    slot->used_at = clock_monotonic();
    if (slot->is_stale && !view_slot_make(slot, db, error))
        return FALSE;
    *count = view_slot_count(slot, is_exact);
    return TRUE;
}

// Counted under the mutex from a fresh reader: whatever the thread has not followed yet comes
// again, and asking twice gives the same.
gboolean view_counter_count(ViewCounter *counter, const char *line, Id agent_id, gint64 *count,
                            gboolean *is_exact, GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->mutex);
    Db *db = store_reader_take(counter->store, error);
    if (db == NULL)
        return FALSE;
    gboolean counted = count_locked(counter, db, line, agent_id, count, is_exact, error);
    store_reader_give(counter->store, db);
    return counted;
}

static void make_all_stale(ViewCounter *counter) {
    GHashTableIter iter;
    gpointer slot;
    g_hash_table_iter_init(&iter, counter->slots);
    while (g_hash_table_iter_next(&iter, NULL, &slot))
        ((ViewSlot *)slot)->is_stale = TRUE;
    g_clear_pointer(&counter->panels, g_ptr_array_unref);
}

// Names are looked at now and then: a change of them makes all that was looked up doubtful.
static gboolean look_at_names(ViewCounter *counter, Db *db, gboolean is_due, GError **error) {
    gint64 now = clock_monotonic();
    guint64 names;
    if (!is_due && now - counter->names_at < NAMES_MS)
        return TRUE;
    if (!view_changes_names(db, &names, error))
        return FALSE;
    if (names != counter->names)
        make_all_stale(counter);
    if (names != counter->names)
        view_watch_forget(counter->watch);
    counter->names = names;
    counter->names_at = now;
    return TRUE;
}

static gboolean is_due(const ViewSlot *slot, gint64 now) {
    return slot->is_stale ||
           (now - slot->made_at >= AGAIN_MS && (slot->members == NULL || slot->drifts));
}

// Counts anew what must be, and forgets what nobody wants.
static gboolean renew(ViewCounter *counter, Db *db, GError **error) {
    gint64 now = clock_monotonic();
    GHashTableIter iter;
    gpointer item;
    g_hash_table_iter_init(&iter, counter->slots);
    while (g_hash_table_iter_next(&iter, NULL, &item)) {
        ViewSlot *slot = item;
        gboolean is_unwanted = now - slot->used_at > KEPT_MS;
        if (!is_unwanted && !is_due(slot, now))
            continue;
        if (is_unwanted || slot->drifts)
            g_clear_pointer(&counter->panels, g_ptr_array_unref);
        if (is_unwanted)
            g_hash_table_iter_remove(&iter);
        else if (!view_slot_make(slot, db, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean make_panels(ViewCounter *counter, Db *db, GError **error) {
    if (counter->panels != NULL)
        return TRUE;
    g_autoptr(GPtrArray) slots = g_ptr_array_new();
    GHashTableIter iter;
    gpointer slot;
    g_hash_table_iter_init(&iter, counter->slots);
    while (g_hash_table_iter_next(&iter, NULL, &slot))
        g_ptr_array_add(slots, slot);
    counter->panels = view_panels_new(db, slots, error);
    return counter->panels != NULL;
}

// The next conversations of the set; they leave it.
static gboolean ask_some(ViewCounter *counter, Db *db, GHashTable *ids, GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->mutex);
    GHashTableIter iter;
    gpointer id;
    if (!renew(counter, db, error) || !make_panels(counter, db, error))
        return FALSE;
    g_hash_table_iter_init(&iter, ids);
    for (guint count = 0; count < ASKED_AT_ONCE && g_hash_table_iter_next(&iter, &id, NULL);
         count++) {
        if (!view_panels_ask(counter->panels, db, (Id)(gintptr)id, error))
            return FALSE;
        g_hash_table_iter_remove(&iter);
    }
    return TRUE;
}

// Each is asked in two rounds: in the first its job may not be committed yet.
static GHashTable *take_touched(ViewCounter *counter) {
    GHashTable *ids = counter->again;
    GHashTableIter iter;
    gpointer id;
    counter->again = counter->touched;
    counter->touched = g_hash_table_new(NULL, NULL);
    g_hash_table_iter_init(&iter, counter->again);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_hash_table_add(ids, id);
    return ids;
}

static gboolean read_changes(ViewCounter *counter, Db *db, GHashTable *ids, gboolean *has_more,
                             GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->mutex);
    gboolean is_wide = FALSE;
    *has_more = FALSE;
    if (counter->seq < 0) {
        if (!event_last_seq(db, &counter->seq, error))
            return FALSE;
        make_all_stale(counter);
    }
    if (!view_changes_read(db, &counter->seq, ids, &is_wide, has_more, error) ||
        !look_at_names(counter, db, is_wide, error))
        return FALSE;
    if (is_wide)
        make_all_stale(counter);
    return TRUE;
}

// What failed is asked again in the next round.
static gboolean follow_some(ViewCounter *counter, Db *db, gboolean *has_more, GError **error) {
    g_mutex_lock(&counter->mutex);
    g_autoptr(GHashTable) ids = take_touched(counter);
    g_mutex_unlock(&counter->mutex);
    gboolean done = read_changes(counter, db, ids, has_more, error);
    do
        done = done && ask_some(counter, db, ids, error);
    while (done && g_hash_table_size(ids) > 0);
    if (done)
        return TRUE;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->mutex);
    make_all_stale(counter);
    return FALSE;
}

gboolean view_counter_follow(ViewCounter *counter, GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counter->round);
    gboolean has_more = TRUE;
    gboolean done = TRUE;
    while (has_more && done) {
        Db *db = store_reader_take(counter->store, error);
        done = db != NULL && follow_some(counter, db, &has_more, error);
        if (db != NULL)
            store_reader_give(counter->store, db);
    }
    return done;
}

static void run_round(ViewCounter *counter) {
    g_autoptr(GError) error = NULL;
    if (!view_counter_follow(counter, &error) ||
        (counter->live != NULL &&
         !view_watch_tell(counter->watch, counter->store, counter, counter->live, &error)))
        log_error(error, "views_uncounted", NULL);
}

static gpointer work(gpointer data) {
    ViewCounter *counter = data;
    g_mutex_lock(&counter->mutex);
    while (!counter->is_ending) {
        gint64 until = g_get_monotonic_time() + ROUND_MS * G_TIME_SPAN_MILLISECOND;
        g_mutex_unlock(&counter->mutex);
        run_round(counter);
        g_mutex_lock(&counter->mutex);
        while (!counter->is_ending && g_cond_wait_until(&counter->woken, &counter->mutex, until))
            ;
    }
    g_mutex_unlock(&counter->mutex);
    return NULL;
}
