// GET /api/v1/events: where a stream resumes, and where it cannot.
#include <string.h>

#include "api/events.h"
#include "api/router.h"
#include "desk/live_events.h"
#include "store/store.h"
#include "tests/store/scratch.h"

#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))

typedef struct {
    Scratch scratch;
    Store *store;
    LiveEvents *live;
    Router *router;
} House;

static gboolean run_sql(Db *db, gpointer data, GError **error) {
    return db_run(db, data, DB_NO_VALUES, error);
}

// count events made so long ago.
static void add_events(House *house, gint64 count, gint64 age_ms) {
    g_autoptr(GError) error = NULL;
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < "
        "%" G_GINT64_FORMAT ") INSERT INTO event (seq, id, type, actor, occurred_at, recorded_at)"
        " SELECT last + n, last + n, 'calendar_changed', 'system', %" G_GINT64_FORMAT
        ", %" G_GINT64_FORMAT " FROM number, (SELECT coalesce(max(seq), 0) AS last FROM event)",
        count, clock_now() - age_ms, clock_now() - age_ms);
    writer_run(store_writer(house->store), run_sql, sql, &error);
    g_assert_no_error(error);
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    house->live = live_events_new(house->store, events_format, events_heartbeat);
    ApiParts parts = {.store = house->store, .live = house->live, .public_url = ""};
    house->router = router_new(api_routes, &parts);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    live_events_free(house->live);
    router_free(house->router);
    store_close(house->store);
    scratch_clear(&house->scratch);
}

static void answered(ApiCall *call, gpointer data) {
    (void)call;
    (void)data;
}

// The stream's text up to what is expected to come.
static char *read_until(ApiStream *stream, const char *expected) {
    g_autoptr(GString) text = g_string_new(NULL);
    while (strstr(text->str, expected) == NULL) {
        char buffer[4096];
        gsize length;
        g_assert_cmpint(api_stream_read_wait(stream, buffer, sizeof buffer, &length), ==,
                        STREAM_BYTES);
        g_string_append_len(text, buffer, (gssize)length);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *stream_text(House *house, const char *target, const char *expected) {
    HttpRequest *request = http_request_new("GET", target);
    ApiCall *call = router_begin(house->router, request, "", &PRINCIPAL_LOCAL);
    if (!api_call_is_answered(call))
        router_run(call, g_bytes_new(NULL, 0), answered, NULL);
    g_autoptr(ApiStream) stream = api_call_take_stream(call);
    g_assert_nonnull(stream);
    g_autoptr(HttpAnswer) answer = api_call_take_answer(call);
    g_assert_cmpuint(answer->status, ==, 200);
    char *text = read_until(stream, expected);
    api_stream_close(stream);
    api_call_free(call);
    return text;
}

static void test_a_stream_resumes_without_a_gap(House *house, gconstpointer data) {
    (void)data;
    add_events(house, 3000, DAY_MS / 2);
    g_autofree char *text = stream_text(house, "/api/v1/events?since=2", "id: 3000\n");
    g_assert_null(strstr(text, "event: reset"));
    g_assert_null(strstr(text, "id: 2\n"));
    for (guint seq = 3; seq <= 3000; seq++) {
        g_autofree char *id = g_strdup_printf("id: %u\n", seq);
        g_assert_nonnull(strstr(text, id));
    }
}

static void test_what_is_older_than_a_day_is_not_told_again(House *house, gconstpointer data) {
    (void)data;
    add_events(house, 10, 2 * DAY_MS);
    add_events(house, 10, 0);
    g_autofree char *old = stream_text(house, "/api/v1/events?since=5", "event: reset");
    g_assert_nonnull(strstr(old, "id: 20\nevent: reset\ndata: {\"why\":\"too_old\"}\n\n"));
    g_autofree char *young = stream_text(house, "/api/v1/events?since=10", "id: 20\n");
    g_assert_null(strstr(young, "event: reset"));
}

static void test_more_than_200000_are_not_told_again(House *house, gconstpointer data) {
    (void)data;
    add_events(house, 200010, 0);
    g_autofree char *many = stream_text(house, "/api/v1/events?since=9", "event: reset");
    g_assert_nonnull(strstr(many, "id: 200010\nevent: reset"));
    g_autofree char *fewer = stream_text(house, "/api/v1/events?since=10", "id: 11\n");
    g_assert_null(strstr(fewer, "event: reset"));
}

static void test_what_the_log_does_not_know_is_reset(House *house, gconstpointer data) {
    (void)data;
    add_events(house, 5, 0);
    g_autofree char *text = stream_text(house, "/api/v1/events?since=77", "event: reset");
    g_assert_nonnull(strstr(text, "id: 5\nevent: reset\ndata: {\"why\":\"unknown\"}\n\n"));
    g_assert_nonnull(strstr(text, "retry: 1000\n"));
}

#define TEST(name, function)                                                                       \
    g_test_add("/events/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("a stream resumes without a gap", test_a_stream_resumes_without_a_gap);
    TEST("what is older than a day is not told again",
         test_what_is_older_than_a_day_is_not_told_again);
    TEST("more than 200,000 are not told again", test_more_than_200000_are_not_told_again);
    TEST("what the log does not know is reset", test_what_the_log_does_not_know_is_reset);
    return g_test_run();
}
