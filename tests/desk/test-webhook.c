// What any writer job may tell a web hook, how the log becomes deliveries, and when one is given
// up.
#include "desk/webhook.h"

#include "base/error.h"
#include "base/secret.h"
#include "desk/record.h"
#include "desk/webhook_admin.h"
#include "desk/webhook_attempt.h"
#include "desk/webhook_follow.h"
#include "tests/store/scratch.h"

#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))
#define NOW G_GINT64_CONSTANT(1795000000000)

typedef struct {
    Scratch scratch;
    Store *store;
    Id webhook_id;
} House;

static gboolean run_add(Db *db, gpointer data, GError **error) {
    House *house = data;
    g_autoptr(Webhook) webhook = webhook_new();
    house->webhook_id = webhook->id = id_next();
    webhook->name = g_strdup("hook");
    webhook->url = g_strdup("https://example.org/");
    webhook->secret = webhook_admin_secret();
    webhook->wants[EVENT_MESSAGE_RECEIVED] = TRUE;
    webhook->created_at = clock_now();
    return webhook_admin_add(db, store_key(house->store), webhook, (WebhookActor){ACTOR_SYSTEM, 0},
                             error);
}

static void keep(House *house, WriterRun run) {
    g_autoptr(GError) error = NULL;
    writer_run(store_writer(house->store), run, house, &error);
    g_assert_no_error(error);
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    clock_fix(NOW);
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    keep(house, run_add);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    store_close(house->store);
    scratch_clear(&house->scratch);
    clock_fix(INSTANT_NONE);
}

static gint64 count(House *house, const char *sql) {
    g_autoptr(GError) error = NULL;
    gint64 value = 0;
    gboolean found;
    Db *db = store_reader_take(house->store, &error);
    g_assert_no_error(error);
    db_query_int(db, sql, DB_NO_VALUES, &value, &found, &error);
    g_assert_no_error(error);
    store_reader_give(house->store, db);
    return value;
}

static gboolean run_enqueue(Db *db, gpointer data, GError **error) {
    const House *house = data;
    return webhook_enqueue(db, house->webhook_id,
                           json_pack("{s:s, s:s}", "conversation_id", "77", "rule_id", "5"), error);
}

static void test_a_job_tells_a_hook_within_itself(House *house, gconstpointer data) {
    (void)data;
    keep(house, run_enqueue);
    g_assert_cmpint(count(house, "SELECT count(*) FROM webhook_delivery WHERE type = 'rule_fired'"
                                 " AND state = 'pending' AND conversation_id = 77 AND data ="
                                 " '{\"conversation_id\":\"77\",\"rule_id\":\"5\"}'"),
                    ==, 1);
}

static gboolean run_enqueue_unknown(Db *db, gpointer data, GError **error) {
    (void)data;
    return webhook_enqueue(db, 12345, json_object(), error);
}

static void test_a_hook_that_is_not_there_is_an_error(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_run(store_writer(house->store), run_enqueue_unknown, house, &error));
    g_assert_cmpstr(error_code(error), ==, "webhook_unknown");
}

static gboolean run_events(Db *db, gpointer data, GError **error) {
    (void)data;
    for (guint at = 0; at < 1500; at++)
        if (!record_happening(db, EVENT_CALENDAR_CHANGED, 0, ACTOR_SYSTEM, 0, NULL, error))
            return FALSE;
    return TRUE;
}

// Events that a hook wants, without the rows that they are about.
static gboolean run_wanted(Db *db, gpointer data, GError **error) {
    (void)data;
    return db_run(db, "UPDATE event SET type = 'message_received' WHERE seq > 100", DB_NO_VALUES,
                  error);
}

static guint follow_all(House *house, const GPtrArray *targets) {
    gboolean is_behind = TRUE;
    guint batches = 0;
    g_autoptr(GError) error = NULL;
    for (; is_behind && batches < 20; batches++) {
        webhook_follow(house->store, targets, &is_behind, &error);
        g_assert_no_error(error);
    }
    return batches;
}

static GPtrArray *targets_of(House *house) {
    g_autoptr(GError) error = NULL;
    GPtrArray *targets = g_ptr_array_new_with_free_func((GDestroyNotify)webhook_target_free);
    Db *db = store_reader_take(house->store, &error);
    Webhook *webhook = webhook_get(db, store_key(house->store), house->webhook_id, &error);
    g_assert_no_error(error);
    store_reader_give(house->store, db);
    g_ptr_array_add(targets, webhook_target_new(webhook));
    return targets;
}

static void test_the_log_is_the_queue_of_a_hook_that_is_away(House *house, gconstpointer data) {
    (void)data;
    keep(house, run_events);
    keep(house, run_wanted);
    g_autoptr(GPtrArray) targets = targets_of(house);
    follow_all(house, targets);
    gint64 first = count(house, "SELECT count(*) FROM webhook_delivery");
    g_assert_cmpint(first, >=, 1000);
    g_assert_cmpint(first, <, 1500);
    follow_all(house, targets);
    g_assert_cmpint(count(house, "SELECT count(*) FROM webhook_delivery"), ==, first);
    // After a restart it goes on where the store says.
    g_autoptr(GPtrArray) again = targets_of(house);
    g_assert_cmpint(((const WebhookTarget *)again->pdata[0])->read_seq, ==,
                    count(house, "SELECT max(event_seq) FROM webhook_delivery"));
}

static gboolean run_delivered(Db *db, gpointer data, GError **error) {
    (void)data;
    return db_run(db, "UPDATE webhook_delivery SET state = 'delivered'", DB_NO_VALUES, error);
}

static void test_each_event_is_told_once(House *house, gconstpointer data) {
    (void)data;
    keep(house, run_events);
    keep(house, run_wanted);
    g_autoptr(GPtrArray) targets = targets_of(house);
    for (guint round = 0; round < 3; round++) {
        follow_all(house, targets);
        keep(house, run_delivered);
    }
    g_assert_cmpint(count(house, "SELECT count(*) FROM webhook_delivery"), ==,
                    count(house, "SELECT count(*) FROM event WHERE seq > 100"));
    g_assert_cmpint(count(house, "SELECT count(DISTINCT event_seq) FROM webhook_delivery"), ==,
                    count(house, "SELECT count(*) FROM webhook_delivery"));
}

static WebhookResult *judge(Instant failing_since, unsigned status) {
    g_autoptr(Webhook) webhook = webhook_new();
    webhook->id = 1;
    webhook->failing_since = failing_since;
    g_autoptr(HttpAnswer) answer = http_answer_new(status);
    return webhook_attempt_judge(webhook, 2, 1, answer, clock_monotonic(), NOW);
}

static void test_five_days_of_failing_disable_a_hook(House *house, gconstpointer data) {
    (void)house;
    (void)data;
    g_autoptr(WebhookResult) first = judge(INSTANT_NONE, 500);
    g_assert_true(first->begins_to_fail);
    g_assert_null(first->disables);
    g_autoptr(WebhookResult) late = judge(NOW - 5 * DAY_MS + 1, 500);
    g_assert_null(late->disables);
    g_autoptr(WebhookResult) enough = judge(NOW - 5 * DAY_MS, 500);
    g_assert_nonnull(enough->disables);
    g_autoptr(WebhookResult) well = judge(NOW - 6 * DAY_MS, 200);
    g_assert_true(well->is_well);
    g_assert_null(well->disables);
    g_autoptr(WebhookResult) gone = judge(INSTANT_NONE, 410);
    g_assert_nonnull(gone->disables);
}

#define TEST(name, function)                                                                       \
    g_test_add("/webhook/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    TEST("a job tells a hook within itself", test_a_job_tells_a_hook_within_itself);
    TEST("a hook that is not there is an error", test_a_hook_that_is_not_there_is_an_error);
    TEST("the log is the queue of a hook that is away",
         test_the_log_is_the_queue_of_a_hook_that_is_away);
    TEST("each event is told once", test_each_event_is_told_once);
    TEST("five days of failing disable a hook", test_five_days_of_failing_disable_a_hook);
    return g_test_run();
}
