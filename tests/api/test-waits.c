// /api/v1/waits, /reports and /calendars through the router.
#include "../desk/fixture_waits.h"
#include "api/router.h"
#include "api/work.h"
#include "store/store.h"

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    Router *router;
} House;

static gboolean run_fill(Db *db, gpointer data, GError **error) {
    (void)error;
    fixture_rows(db);
    fixture_record_all(db, data);
    return TRUE;
}

// Answered after 65 hours (business 1 h), and open since Monday 10:00.
static FixtureLog *two_waits(void) {
    FixtureLog *log = fixture_log_new();
    fixture_in(log, "2026-11-20T15:30:00", 1);
    fixture_reply(log, "08:30", 2);
    log->conversation_id = 2;
    fixture_in(log, "10:00", 3);
    return log;
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FixtureLog) log = two_waits();
    clock_fix(at("11:00"));
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    house->work = work_pool_new(1);
    ApiParts parts = {.store = house->store, .work = house->work, .public_url = ""};
    house->router = router_new(api_routes, &parts);
    writer_run(store_writer(house->store), run_fill, log, &error);
    g_assert_no_error(error);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    work_pool_free(house->work);
    router_free(house->router);
    store_close(house->store);
    scratch_clear(&house->scratch);
    clock_fix(INSTANT_NONE);
}

static HttpAnswer *call(House *house, const char *method, const char *path, const char *body) {
    HttpRequest *request = http_request_new(method, path);
    if (body != NULL) {
        g_autofree char *json = g_strdelimit(g_strdup(body), "'", '"');
        http_request_take_body(request, "application/json", g_bytes_new(json, strlen(json)));
    }
    return router_call(house->router, request, &PRINCIPAL_LOCAL);
}

static char *text_of(House *house, const char *path) {
    g_autoptr(HttpAnswer) answer = call(house, "GET", path, NULL);
    g_assert_cmpuint(answer->status, ==, 200);
    gsize length;
    const char *text = g_bytes_get_data(answer->body, &length);
    return g_strndup(text, length);
}

static json_t *json_at(House *house, const char *method, const char *path, const char *body,
                       unsigned status) {
    g_autoptr(HttpAnswer) answer = call(house, method, path, body);
    gsize length;
    const char *text = g_bytes_get_data(answer->body, &length);
    if (answer->status != status)
        g_test_message("%s %s: %u %.*s", method, path, answer->status, (int)length, text);
    g_assert_cmpuint(answer->status, ==, status);
    return json_loadb(text, length, JSON_ALLOW_NUL, NULL);
}

static void status_is(House *house, const char *method, const char *path, const char *body,
                      unsigned status) {
    json_decref(json_at(house, method, path, body, status));
}

static gint64 items(House *house, const char *path) {
    json_t *json = json_at(house, "GET", path, NULL, 200);
    gint64 count = (gint64)json_array_size(json_object_get(json, "items"));
    json_decref(json);
    return count;
}

static void test_waits_are_listed_as_asked(House *house, gconstpointer data) {
    (void)data;
    g_assert_cmpint(items(house, "/api/v1/waits"), ==, 2);
    g_assert_cmpint(items(house, "/api/v1/waits?state=open"), ==, 1);
    g_assert_cmpint(items(house, "/api/v1/waits?agent=201"), ==, 1);
    g_assert_cmpint(items(house, "/api/v1/waits?agent=none"), ==, 1);
    g_assert_cmpint(items(house, "/api/v1/waits?from=2026-11-23"), ==, 1);
    g_assert_cmpint(items(house, "/api/v1/waits?period=ended&from=2026-11-23&to=2026-11-24"), ==,
                    1);
    g_assert_cmpint(items(house, "/api/v1/waits?conversation=2"), ==, 1);
    g_assert_cmpint(items(house, "/api/v1/waits?limit=1"), ==, 1);
    g_autofree char *csv = text_of(house, "/api/v1/waits?format=csv&state=answered");
    g_assert_nonnull(strstr(csv, ",234000.000,3600.000,"));
}

static void test_what_is_asked_wrongly_is_refused(House *house, gconstpointer data) {
    (void)data;
    static const char *const wrong[] = {
        "/api/v1/waits?state=lost",
        "/api/v1/waits?period=ever",
        "/api/v1/waits?from=yesterday",
        "/api/v1/waits?cursor=abc",
        "/api/v1/waits?limit=0",
        "/api/v1/waits?zone=Nowhere/City",
        "/api/v1/waits?agent=-1",
        "/api/v1/waits?elsewhere=1",
        "/api/v1/waits?bogus=1",
        "/api/v1/reports/response-times?by=colour",
        "/api/v1/reports/response-times?by=day,week,month",
        "/api/v1/reports/response-times?period=still_open",
        "/api/v1/reports/response-times?from=2026-11-24&to=2026-11-23"};
    for (gsize index = 0; index < G_N_ELEMENTS(wrong); index++)
        status_is(house, "GET", wrong[index], NULL, 400);
    status_is(house, "GET", "/api/v1/waits/77", NULL, 404);
    status_is(house, "GET", "/api/v1/waits/77/explain", NULL, 404);
}

static void test_a_wait_is_explained(House *house, gconstpointer data) {
    (void)data;
    json_t *wait = json_at(house, "GET", "/api/v1/waits/1001", NULL, 200);
    const char *explain = json_string_value(json_object_get(wait, "explain"));
    json_t *json = json_at(house, "GET", explain, NULL, 200);
    json_t *business = json_object_get(json, "business");
    g_assert_cmpint(json_integer_value(json_object_get(business, "business_ms")), ==, 3600000);
    g_assert_cmpuint(json_array_size(json_object_get(business, "openings")), ==, 2);
    json_decref(json);
    json_decref(wait);
}

static void test_a_report_leads_to_its_waits(House *house, gconstpointer data) {
    (void)data;
    json_t *json = json_at(
        house, "GET", "/api/v1/reports/response-times?from=2026-11-01&to=2026-12-01&by=agent,day",
        NULL, 200);
    json_t *group = json_array_get(json_object_get(json, "groups"), 0);
    size_t index;
    json_array_foreach(json_object_get(json, "groups"), index, group) {
        json_t *all = json_object_get(json_object_get(group, "waits"), "all");
        json_t *lists = json_object_get(all, "lists");
        g_assert_cmpint(items(house, json_string_value(json_object_get(lists, "n"))), ==,
                        json_integer_value(json_object_get(all, "n")));
    }
    json_decref(json);
    g_autofree char *csv = text_of(house, "/api/v1/reports/response-times.csv?by=channel");
    g_assert_nonnull(strstr(csv, "\r\n101,support,all,1,1,234000.000,"));
}

static void test_a_rebuild_changes_nothing(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *before = text_of(house, "/api/v1/waits");
    json_t *json = json_at(house, "POST", "/api/v1/reports/rebuild", "{}", 200);
    g_assert_cmpint(json_integer_value(json_object_get(json, "waits")), ==, 2);
    json_decref(json);
    g_autofree char *after = text_of(house, "/api/v1/waits");
    g_assert_cmpstr(before, ==, after);
}

static gboolean run_spoil(Db *db, gpointer data, GError **error) {
    (void)data;
    return db_run(db, "UPDATE wait SET ended_at = ended_at - 1 WHERE state = 'answered'",
                  DB_NO_VALUES, error);
}

static void test_verification_finds_what_the_events_do_not_give(House *house, gconstpointer data) {
    (void)data;
    static const char word[] = "waits_differ_from_events";
    g_autofree char *sound = text_of(house, "/api/v1/verify");
    g_assert_null(strstr(sound, word));
    g_assert_true(writer_run(store_writer(house->store), run_spoil, NULL, NULL));
    g_autofree char *spoilt = text_of(house, "/api/v1/verify");
    g_assert_nonnull(strstr(spoilt, word));
    status_is(house, "POST", "/api/v1/reports/rebuild", "{}", 200);
    g_autofree char *mended = text_of(house, "/api/v1/verify");
    g_assert_null(strstr(mended, word));
}

static void test_calendars_have_versions(House *house, gconstpointer data) {
    (void)data;
    static const char hours[] =
        "{'name': 'Night', 'zone': 'Europe/Helsinki', 'hours': {'week': {'mon': "
        "[['22:00', '06:00']]}}}";
    json_t *made = json_at(house, "POST", "/api/v1/calendars", hours, 201);
    g_autofree char *path =
        g_strdup_printf("/api/v1/calendars/%s", json_string_value(json_object_get(made, "id")));
    g_autofree char *versions = g_strconcat(path, "/versions", NULL);
    static const char version[] =
        "{'zone': 'Europe/Helsinki', 'valid_from': '2027-01-01T00:00:00.000Z', "
        "'hours': {'week': {}, 'holidays': ['finland']}}";
    status_is(house, "POST", "/api/v1/calendars", hours, 409);
    status_is(house, "POST", versions, version, 201);
    status_is(house, "POST", versions, version, 409);
    status_is(house, "PATCH", path, "{'name': 'Nights'}", 200);
    json_t *shown = json_at(house, "GET", path, NULL, 200);
    g_assert_cmpuint(json_array_size(json_object_get(shown, "versions")), ==, 2);
    g_assert_cmpstr(json_string_value(json_object_get(shown, "name")), ==, "Nights");
    status_is(house, "DELETE", path, NULL, 204);
    status_is(house, "GET", path, NULL, 404);
    status_is(house, "DELETE", "/api/v1/calendars/1", NULL, 409);
    json_decref(shown);
    json_decref(made);
}

static void test_hours_that_make_no_sense_are_refused(House *house, gconstpointer data) {
    (void)data;
    static const char *const wrong[] = {
        "{'week': {'mon': [['08:00', '08:00']]}}",
        "{'week': {'mon': [['8:00', '16:00']]}}",
        "{'week': {'mon': [['08:00', '24:30']]}}",
        "{'week': {'mon': [['08:00', '12:00'], ['11:00', '13:00']]}}",
        "{'week': {'monday': []}}",
        "{'week': {}, 'holidays': ['sweden']}",
        "{'week': {}, 'exceptions': [{'from': '2026-02-30', 'to': '2026-03-01', 'hours': []}]}",
        "{'week': {}, 'exceptions': [{'from': '2026-12-24', 'to': '2026-12-23', 'hours': []}]}",
        "{'week': {}, 'colour': 1}",
        "{}"};
    for (gsize index = 0; index < G_N_ELEMENTS(wrong); index++) {
        g_autofree char *body =
            g_strdup_printf("{'name': 'X', 'zone': 'Europe/Helsinki', 'hours': %s}", wrong[index]);
        status_is(house, "POST", "/api/v1/calendars", body, 400);
    }
    static const char *const zones[] = {"../etc/passwd", "+02:00", "", "Europe/Nowhere"};
    for (gsize index = 0; index < G_N_ELEMENTS(zones); index++) {
        g_autofree char *body =
            g_strdup_printf("{'name': 'X', 'zone': '%s', 'hours': {'week': {}}}", zones[index]);
        status_is(house, "POST", "/api/v1/calendars", body, 400);
    }
}

#define TEST(name, function)                                                                       \
    g_test_add("/waits/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("waits-are-listed-as-asked", test_waits_are_listed_as_asked);
    TEST("what-is-asked-wrongly-is-refused", test_what_is_asked_wrongly_is_refused);
    TEST("a-wait-is-explained", test_a_wait_is_explained);
    TEST("a-report-leads-to-its-waits", test_a_report_leads_to_its_waits);
    TEST("a-rebuild-changes-nothing", test_a_rebuild_changes_nothing);
    TEST("verification-finds-what-the-events-do-not-give",
         test_verification_finds_what_the_events_do_not_give);
    TEST("calendars-have-versions", test_calendars_have_versions);
    TEST("hours-that-make-no-sense-are-refused", test_hours_that_make_no_sense_are_refused);
    return g_test_run();
}
