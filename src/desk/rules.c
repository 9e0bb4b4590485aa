#include "desk/rules.h"

#include "base/error.h"
#include "base/log.h"
#include "desk/rule_case.h"
#include "desk/rule_time.h"
#include "store/event.h"

#define READ_AT_ONCE 200
#define TICK_MS 1000    // at most so long until a time is looked at
#define SWEEP_MS 5000   // between two pieces of a sweep of the times
#define PRUNE_MS 600000 // between two cuttings of the log
#define SAVE_MS 10000   // how far it is, when nothing else is written
#define KEPT_MS (30 * G_GINT64_CONSTANT(86400000))
#define PRUNED_AT_ONCE 5000
#define LATE_MS G_GINT64_CONSTANT(86400000) // what is older when it comes fills an archive

struct Rules {
    ReplyContext context;
    GThread *thread;
    GMutex mutex;
    GCond woken;
    gboolean is_woken; // under mutex; so below
    gboolean is_ending;
    // The thread's own:
    RuleBook *book;
    gint64 cursor;      // -1: not known yet
    gint64 saved;       // the cursor in the store
    GHashTable *sweeps; // rule id -> RuleSweep
    gint64 swept_at, pruned_at, saved_at;
};

static void wake(gpointer data) {
    Rules *rules = data;
    g_mutex_lock(&rules->mutex);
    rules->is_woken = TRUE;
    g_cond_signal(&rules->woken);
    g_mutex_unlock(&rules->mutex);
}

// FALSE: it is to end.
static gboolean wait_for_work(Rules *rules) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&rules->mutex);
    gint64 until = g_get_monotonic_time() + TICK_MS * G_TIME_SPAN_MILLISECOND;
    while (!rules->is_woken && !rules->is_ending)
        if (!g_cond_wait_until(&rules->woken, &rules->mutex, until))
            break;
    rules->is_woken = FALSE;
    return !rules->is_ending;
}

static gboolean is_ending(Rules *rules) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&rules->mutex);
    return rules->is_ending;
}

static gboolean is_due(gint64 *last, gint64 interval) {
    gint64 now = clock_monotonic();
    if (*last != 0 && now - *last < interval)
        return FALSE;
    *last = now;
    return TRUE;
}

static gboolean refresh_book(Rules *rules, Db *db, GError **error) {
    gint64 state = 0;
    if (!rule_row_state(db, &state, error))
        return FALSE;
    if (rules->book != NULL && rules->book->state == state)
        return TRUE;
    RuleBook *book = rule_book_read(db, error);
    if (book == NULL)
        return FALSE;
    rule_book_free(rules->book);
    rules->book = book;
    return TRUE;
}

static gboolean find_cursor(Rules *rules, Db *db, GError **error) {
    gboolean found = FALSE;
    if (rules->cursor >= 0)
        return TRUE;
    if (!rule_cursor_read(db, &rules->cursor, &found, error))
        return FALSE;
    rules->saved = rules->cursor;
    return found || event_last_seq(db, &rules->cursor, error);
}

// Events to look at; none, and the cursor at the end, where no rule waits for any.
static GPtrArray *read_events_of(Rules *rules, Db *db, GError **error) {
    if (!refresh_book(rules, db, error) || !find_cursor(rules, db, error))
        return NULL;
    if (rules->book->events != 0)
        return event_list_since(db, rules->cursor, READ_AT_ONCE, error);
    return event_last_seq(db, &rules->cursor, error) ? g_ptr_array_new() : NULL;
}

static GPtrArray *read_events(Rules *rules, GError **error) {
    GPtrArray *events = NULL;
    Db *db = store_reader_take(rules->context.store, error);
    if (db == NULL)
        return NULL;
    // One snapshot: a rule that it does not hold is younger than every event that it does.
    if (db_snapshot_begin(db, error)) {
        events = read_events_of(rules, db, error);
        db_snapshot_end(db);
    }
    store_reader_give(rules->context.store, db);
    return events;
}

static gboolean is_for_rules(const Rules *rules, const Event *event) {
    return event->conversation_id != 0 && event->actor != ACTOR_RULE &&
           (rules->book->events & (G_GUINT64_CONSTANT(1) << event->type)) != 0 &&
           event->recorded_at - event->occurred_at < LATE_MS;
}

static gboolean settle_event(Rules *rules, const Event *event, GError **error) {
    RuleCase one = {.book = rules->book, .event = event, .conversation_id = event->conversation_id};
    if (is_for_rules(rules, event) && !rule_case_settle(&one, &rules->context, event->seq, error) &&
        (*error == NULL || error_can_retry(*error)))
        return FALSE;
    rules->cursor = event->seq;
    return *error == NULL;
}

// Keeps what it could settle; what it could not is tried again, unless it never will be.
static gboolean follow_events(Rules *rules) {
    g_autoptr(GError) problem = NULL;
    g_autoptr(GPtrArray) events = read_events(rules, &problem);
    for (guint at = 0; events != NULL && at < events->len && !is_ending(rules); at++)
        if (!settle_event(rules, events->pdata[at], &problem))
            break;
    if (problem != NULL)
        log_error(problem, "rules_failed", NULL);
    return problem == NULL && events != NULL && events->len == READ_AT_ONCE;
}

static RuleSweep *find_sweep(Rules *rules, Id rule_id) {
    RuleSweep *sweep = g_hash_table_lookup(rules->sweeps, &rule_id);
    if (sweep == NULL) {
        sweep = g_new0(RuleSweep, 1);
        g_hash_table_insert(rules->sweeps, g_memdup2(&rule_id, sizeof rule_id), sweep);
    }
    return sweep;
}

static gboolean sweep_rule(Rules *rules, const Rule *rule, GError **error) {
    Db *db = store_reader_take(rules->context.store, error);
    if (db == NULL)
        return FALSE;
    g_autoptr(GArray) due =
        rule_time_list(db, rule, clock_now(), find_sweep(rules, rule->id), error);
    store_reader_give(rules->context.store, db);
    for (guint at = 0; due != NULL && at < due->len && !is_ending(rules); at++) {
        const RuleDue *one = &g_array_index(due, RuleDue, at);
        RuleCase case_of = {.book = rules->book,
                            .rule = rule,
                            .conversation_id = one->conversation_id,
                            .episode = one->episode};
        if (!rule_case_settle(&case_of, &rules->context, 0, error))
            return FALSE;
    }
    return due != NULL;
}

static void sweep_times(Rules *rules) {
    for (guint at = 0; rules->book != NULL && at < rules->book->rules->len; at++) {
        g_autoptr(GError) problem = NULL;
        const Rule *rule = rules->book->rules->pdata[at];
        if (rule->trigger.time != RULE_TIME_NONE && !sweep_rule(rules, rule, &problem))
            log_error(problem, "rule_time_failed", NULL);
    }
}

static gboolean prune(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return rule_run_prune(db, clock_now() - KEPT_MS, PRUNED_AT_ONCE, error);
}

static gboolean save(Db *db, gpointer data, GError **error) {
    return rule_cursor_write(db, *(const gint64 *)data, error);
}

// A cursor that is behind only means that events which concerned no rule are read again.
static void save_cursor(Rules *rules) {
    if (rules->cursor > rules->saved &&
        writer_run(store_writer(rules->context.store), save, &rules->cursor, NULL))
        rules->saved = rules->cursor;
}

// What happens from now on is for the rules, however late the thread begins.
static void begin(Rules *rules) {
    g_autoptr(GError) problem = NULL;
    Db *db = store_reader_take(rules->context.store, &problem);
    if (db == NULL || !find_cursor(rules, db, &problem))
        log_error(problem, "rules_failed", NULL);
    if (db != NULL)
        store_reader_give(rules->context.store, db);
}

static gpointer work(gpointer data) {
    Rules *rules = data;
    while (wait_for_work(rules)) {
        while (follow_events(rules) && !is_ending(rules)) {
        }
        if (is_due(&rules->swept_at, SWEEP_MS))
            sweep_times(rules);
        if (is_due(&rules->pruned_at, PRUNE_MS))
            writer_run(store_writer(rules->context.store), prune, NULL, NULL);
        if (rules->book != NULL && rules->book->events != 0 && is_due(&rules->saved_at, SAVE_MS))
            save_cursor(rules);
    }
    return NULL;
}

Rules *rules_new(const ReplyContext *context) {
    Rules *rules = g_new0(Rules, 1);
    rules->context = *context;
    rules->cursor = -1;
    rules->sweeps = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_mutex_init(&rules->mutex);
    g_cond_init(&rules->woken);
    begin(rules);
    rules->thread = g_thread_new("rules", work, rules);
    writer_on_commit(store_writer(context->store), wake, rules);
    return rules;
}

void rules_free(Rules *rules) {
    if (rules == NULL)
        return;
    writer_off_commit(store_writer(rules->context.store), wake, rules);
    g_mutex_lock(&rules->mutex);
    rules->is_ending = TRUE;
    g_cond_signal(&rules->woken);
    g_mutex_unlock(&rules->mutex);
    g_thread_join(rules->thread);
    rule_book_free(rules->book);
    g_hash_table_unref(rules->sweeps);
    g_cond_clear(&rules->woken);
    g_mutex_clear(&rules->mutex);
    g_free(rules);
}
