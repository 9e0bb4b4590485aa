#include "desk/webhook_sender.h"

#include "base/log.h"
#include "desk/webhook_attempt.h"
#include "desk/webhook_follow.h"

#define RUNNING_MAX 8 // requests of one hook at once: a slow receiver holds up no other
#define ANSWER_LIMIT (256 * 1024)
#define PAUSE_MS 100 // between two looks at the log: a batch each, whatever the pace of commits
#define LOOK_MS 1000 // for what becomes due

struct WebhookSender {
    Store *store;
    HttpClient *client;
    WebhookFormat format;
    HttpPolicy policy;
    char *ca_file;
    GAsyncQueue *queue;     // of Notice
    gint is_notified;       // atomic: a notice of a commit waits
    gint changes_committed; // atomic: of webhook_changes, as of the last commit
    gint active;            // atomic: hooks
    // The thread's own:
    gint changes_seen;
    GPtrArray *targets;   // of WebhookTarget
    GHashTable *underway; // set of delivery ids
    gint64 followed_at;
    gboolean is_behind;
    GThread *thread;
};

// What wakes the thread: an answer, a commit (neither), or the end.
typedef struct {
    GAsyncQueue *queue; // while it is under way; outlives the sender
    Id webhook_id;
    Id delivery_id;
    gint64 attempts;
    gint64 began;
    HttpAnswer *answer;
    gboolean is_end;
} Notice;

static void notice_free(Notice *notice) {
    http_answer_free(notice->answer);
    g_free(notice);
}

static void committed(gpointer data) {
    WebhookSender *sender = data;
    gint changes = (gint)webhook_changes();
    gboolean has_changed = g_atomic_int_get(&sender->changes_committed) != changes;
    g_atomic_int_set(&sender->changes_committed, changes);
    if ((has_changed || g_atomic_int_get(&sender->active) > 0) &&
        g_atomic_int_compare_and_exchange(&sender->is_notified, 0, 1))
        g_async_queue_push(sender->queue, g_new0(Notice, 1));
}

static void answered(HttpAnswer *answer, gpointer data) {
    Notice *notice = data;
    g_autoptr(GAsyncQueue) queue = g_steal_pointer(&notice->queue);
    notice->answer = answer;
    g_async_queue_push(queue, notice);
}

static WebhookTarget *target_find(const WebhookSender *sender, Id id) {
    for (guint at = 0; at < sender->targets->len; at++) {
        WebhookTarget *target = sender->targets->pdata[at];
        if (target->webhook->id == id)
            return target;
    }
    return NULL;
}

// What a hook has under way and has read outlasts its change.
static void take_over(const WebhookSender *sender, WebhookTarget *target) {
    const WebhookTarget *former = target_find(sender, target->webhook->id);
    if (former == NULL)
        return;
    target->read_seq = MAX(former->read_seq, target->read_seq);
    target->running = former->running;
    if (former->webhook->version == target->webhook->version)
        target->quiet_until = former->quiet_until;
}

static void reload(WebhookSender *sender) {
    g_autoptr(GError) error = NULL;
    gint changes = g_atomic_int_get(&sender->changes_committed);
    if (changes == sender->changes_seen)
        return;
    Db *db = store_reader_take(sender->store, &error);
    g_autoptr(GPtrArray) hooks =
        db != NULL ? webhook_list(db, store_key(sender->store), &error) : NULL;
    if (db != NULL)
        store_reader_give(sender->store, db);
    if (hooks == NULL) {
        log_error(error, "webhooks_unread", NULL);
        return;
    }
    gint active = 0;
    GPtrArray *targets = g_ptr_array_new_with_free_func((GDestroyNotify)webhook_target_free);
    for (guint at = 0; at < hooks->len; at++) {
        WebhookTarget *target = webhook_target_new(g_steal_pointer(&hooks->pdata[at]));
        take_over(sender, target);
        g_ptr_array_add(targets, target);
        active += webhook_target_is_active(target) ? 1 : 0;
    }
    g_ptr_array_unref(sender->targets);
    sender->targets = targets;
    sender->changes_seen = changes;
    g_atomic_int_set(&sender->active, active);
}

static void follow(WebhookSender *sender) {
    g_autoptr(GError) error = NULL;
    gint64 now = clock_monotonic();
    if (now - sender->followed_at < PAUSE_MS || g_atomic_int_get(&sender->active) == 0)
        return;
    sender->followed_at = now;
    if (!webhook_follow(sender->store, sender->targets, &sender->is_behind, &error))
        log_error(error, "webhooks_not_followed", NULL);
}

static gboolean send(WebhookSender *sender, Db *db, WebhookTarget *target,
                     const WebhookDelivery *delivery, GError **error) {
    HttpRequest *request =
        webhook_attempt_request(db, sender->format, target->webhook, delivery, clock_now(), error);
    if (request == NULL)
        return FALSE;
    Notice *notice = g_new0(Notice, 1);
    *notice = (Notice){
        .queue = g_async_queue_ref(sender->queue),
        .webhook_id = target->webhook->id,
        .delivery_id = delivery->id,
        .attempts = delivery->attempts + 1,
        .began = clock_monotonic(),
    };
    g_hash_table_add(sender->underway, g_memdup2(&delivery->id, sizeof delivery->id));
    target->running++;
    http_client_send(sender->client, request, &sender->policy, answered, notice);
    return TRUE;
}

static gboolean send_due_of(WebhookSender *sender, Db *db, WebhookTarget *target, GError **error) {
    Instant now = clock_now();
    if (!webhook_target_is_active(target) || target->quiet_until > now ||
        target->running >= RUNNING_MAX)
        return TRUE;
    g_autoptr(GPtrArray) due =
        webhook_delivery_list_due(db, target->webhook->id, now, 2 * RUNNING_MAX, error);
    if (due == NULL)
        return FALSE;
    for (guint at = 0; at < due->len && target->running < RUNNING_MAX; at++) {
        const WebhookDelivery *delivery = due->pdata[at];
        if (!g_hash_table_contains(sender->underway, &delivery->id) &&
            !send(sender, db, target, delivery, error))
            return FALSE;
    }
    return TRUE;
}

static void send_due(WebhookSender *sender) {
    g_autoptr(GError) error = NULL;
    if (g_atomic_int_get(&sender->active) == 0)
        return;
    Db *db = store_reader_take(sender->store, &error);
    gboolean good = db != NULL;
    for (guint at = 0; good && at < sender->targets->len; at++)
        good = send_due_of(sender, db, sender->targets->pdata[at], &error);
    if (db != NULL)
        store_reader_give(sender->store, db);
    if (!good)
        log_error(error, "webhooks_not_sent", NULL);
}

// A receiver that asks for patience gets it for all that it is told.
static void respect(WebhookTarget *target, const HttpAnswer *answer, Instant now) {
    gint64 wait =
        answer->status == 429 || answer->status == 503 ? http_retry_after_ms(answer->headers) : -1;
    if (wait > 0)
        target->quiet_until = now + wait;
}

static void note(const WebhookResult *result) {
    char id[ID_TEXT_SIZE];
    if (result->disables != NULL)
        log_event(LOG_WARNING, "webhook_disabled", "webhook", id_format(result->webhook_id, id),
                  "reason", result->disables, NULL);
    else if (result->begins_to_fail)
        log_event(LOG_WARNING, "webhook_failing", "webhook", id_format(result->webhook_id, id),
                  "reason", result->attempt.reason, NULL);
}

static void judge(WebhookSender *sender, const Notice *notice, GPtrArray *results) {
    Instant now = clock_now();
    WebhookTarget *target = target_find(sender, notice->webhook_id);
    if (target == NULL)
        return; // removed meanwhile
    WebhookResult *result = webhook_attempt_judge(
        target->webhook, notice->delivery_id, notice->attempts, notice->answer, notice->began, now);
    target->running--;
    respect(target, notice->answer, now);
    if (result->begins_to_fail)
        target->webhook->failing_since = now;
    else if (result->is_well)
        target->webhook->failing_since = INSTANT_NONE;
    if (result->disables != NULL)
        target->webhook->state = WEBHOOK_DISABLED;
    note(result);
    g_ptr_array_add(results, result);
}

static gboolean record_run(Db *db, gpointer data, GError **error) {
    return webhook_attempt_record(db, data, error);
}

// Deliveries whose outcome cannot be kept are sent again: at least once.
static void record(WebhookSender *sender, const GPtrArray *answers) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) results =
        g_ptr_array_new_with_free_func((GDestroyNotify)webhook_result_free);
    for (guint at = 0; at < answers->len; at++)
        judge(sender, answers->pdata[at], results);
    if (results->len > 0 && !writer_run(store_writer(sender->store), record_run, results, &error))
        log_error(error, "webhooks_not_recorded", NULL);
    for (guint at = 0; at < answers->len; at++)
        g_hash_table_remove(sender->underway, &((const Notice *)answers->pdata[at])->delivery_id);
}

static Notice *next_notice(const WebhookSender *sender) {
    if (g_atomic_int_get(&sender->active) == 0)
        return g_async_queue_pop(sender->queue);
    gint64 pause = sender->is_behind ? PAUSE_MS : LOOK_MS;
    return g_async_queue_timeout_pop(sender->queue, (guint64)pause * 1000);
}

// Waits for a notice and takes all that are there. FALSE: the end.
static gboolean wait(WebhookSender *sender) {
    g_autoptr(GPtrArray) answers = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
    gboolean is_over = FALSE;
    for (Notice *notice = next_notice(sender); notice != NULL && !is_over;
         notice = g_async_queue_try_pop(sender->queue)) {
        is_over = notice->is_end;
        if (notice->answer != NULL) {
            g_ptr_array_add(answers, notice);
            continue;
        }
        g_atomic_int_set(&sender->is_notified, 0);
        sender->is_behind = TRUE;
        notice_free(notice);
    }
    if (!is_over && answers->len > 0)
        record(sender, answers);
    return !is_over;
}

static gpointer run(gpointer data) {
    WebhookSender *sender = data;
    do {
        reload(sender);
        follow(sender);
        send_due(sender);
    } while (wait(sender));
    return NULL;
}

WebhookSender *webhook_sender_new(Store *store, HttpClient *client,
                                  const WebhookSenderOptions *options) {
    WebhookSender *sender = g_new0(WebhookSender, 1);
    sender->store = store;
    sender->client = client;
    sender->format = options->format;
    sender->ca_file = g_strdup(options->ca_file);
    sender->policy = (HttpPolicy){.allow_private = options->allow_private,
                                  .allow_http = options->allow_private,
                                  .body_limit = ANSWER_LIMIT,
                                  .ca_file = sender->ca_file};
    sender->queue = g_async_queue_new_full((GDestroyNotify)notice_free);
    sender->targets = g_ptr_array_new_with_free_func((GDestroyNotify)webhook_target_free);
    sender->underway = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    sender->changes_seen = (gint)webhook_changes() - 1;
    g_atomic_int_set(&sender->changes_committed, (gint)webhook_changes());
    sender->followed_at = clock_monotonic() - PAUSE_MS;
    writer_on_commit(store_writer(store), committed, sender);
    sender->thread = g_thread_new("webhooks", run, sender);
    return sender;
}

void webhook_sender_free(WebhookSender *sender) {
    if (sender == NULL)
        return;
    writer_off_commit(store_writer(sender->store), committed, sender);
    Notice *end = g_new0(Notice, 1);
    end->is_end = TRUE;
    g_async_queue_push(sender->queue, end);
    g_thread_join(sender->thread);
    g_async_queue_unref(sender->queue);
    g_ptr_array_unref(sender->targets);
    g_hash_table_unref(sender->underway);
    g_free(sender->ca_file);
    g_free(sender);
}
