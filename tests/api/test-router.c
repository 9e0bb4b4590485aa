// The dispatch without a server: routes, permissions, writer jobs with idempotency.
#include <string.h>

#include "api/router.h"
#include "api/work.h"
#include "base/error.h"
#include "tests/store/scratch.h"

static void answer_hello(ApiCall *call) {
    const char *name = api_call_query(call, "name");
    api_call_answer_json(
        call, 200, json_pack("{s:s, s:s?}", "thing", api_call_path(call, "thing"), "name", name));
}

static gboolean write_tag(ApiCall *call, Db *db, gpointer data, GError **error) {
    const char *name = data;
    Id id = id_next();
    if (!db_run(db, "INSERT INTO tag (id, name) VALUES ($1, $2)",
                DB_VALUES(DB_ID(id), DB_TEXT(name)), error))
        return FALSE;
    api_call_answer_json(call, 201, json_pack("{s:s}", "name", name));
    if (strcmp(name, "fails afterwards") != 0)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "no", "not this one");
    return FALSE;
}

static void add_tag(ApiCall *call) {
    GError *error = NULL;
    const char *name;
    if (api_call_unpack(call, &error, "{s:s}", "name", &name))
        api_call_write(call, write_tag, g_strdup(name), g_free);
    else
        api_call_fail(call, error);
}

static void fail_inside(ApiCall *call) {
    api_call_fail(call, g_error_new(G_FILE_ERROR, 0, "secret path /etc/shadow"));
}

static void stream_slowly(ApiCall *call) {
    g_autoptr(ApiStream) stream = api_call_answer_stream(call, 200, "text/plain");
    for (int at = 0; at < 100; at++)
        api_stream_write(stream, "0123456789", 10);
    api_stream_end(stream);
}

static void stream(ApiCall *call) {
    api_call_work_long(call, stream_slowly);
}

#define ROUTE(verb, path, who, run, ...)                                                           \
    { .method = verb, .pattern = path, .permission = who, .handler = run, __VA_ARGS__ }

static const ApiRoute routes[] = {
    ROUTE("GET", "/things/{thing}", PERMISSION_ANYONE, answer_hello, .query = "name"),
    ROUTE("GET", "/files/{thing...}", PERMISSION_ANYONE, answer_hello, .query = NULL),
    ROUTE("POST", "/tags", PERMISSION_SIGNED_IN, add_tag, .body_max = 64),
    ROUTE("PUT", "/tags", PERMISSION_SIGNED_IN, add_tag, .body_max = 0),
    ROUTE("GET", "/inside", PERMISSION_ANYONE, fail_inside, .query = NULL),
    ROUTE("GET", "/stream", PERMISSION_REPORT_READ, stream, .query = NULL),
    ROUTE("GET", "/local", PERMISSION_LOCAL, answer_hello, .query = NULL),
    {0},
};
static const ApiRoute *const tables[] = {routes, NULL};

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    Router *router;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    fixture->scratch = scratch_new();
    fixture->store = store_open(fixture->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    fixture->work = work_pool_new(2);
    ApiParts parts = {.store = fixture->store, .work = fixture->work, .public_url = ""};
    fixture->router = router_new(tables, &parts);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    work_pool_free(fixture->work);
    router_free(fixture->router);
    store_close(fixture->store);
    scratch_clear(&fixture->scratch);
}

// Calls and gives the status; *text is the body.
static unsigned call(Fixture *fixture, const char *method, const char *target, const char *body,
                     const char *key, Principal principal, char **text) {
    HttpRequest *request = http_request_new(method, target);
    if (body != NULL)
        http_request_take_body(request, "application/json", g_bytes_new(body, strlen(body)));
    if (key != NULL)
        http_request_add_header(request, "Idempotency-Key", key);
    g_autoptr(HttpAnswer) answer = router_call(fixture->router, request, &principal);
    gsize length;
    const char *data = g_bytes_get_data(answer->body, &length);
    if (text != NULL)
        *text = g_strndup(data != NULL ? data : "", length);
    return answer->status;
}

static unsigned get(Fixture *fixture, const char *target, Principal principal) {
    return call(fixture, "GET", target, NULL, NULL, principal, NULL);
}

static const Principal agent = {.is_known = TRUE, .agent_id = 7};
static const Principal supervisor = {
    .is_known = TRUE, .permissions = PERMISSION_BIT(PERMISSION_REPORT_READ), .agent_id = 8};

static const Principal administrator = {
    .is_known = TRUE, .permissions = ~G_GUINT64_CONSTANT(0), .agent_id = 9};

static void test_a_route_gets_its_parts_decoded(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *thing = NULL;
    g_autofree char *file = NULL;
    call(fixture, "GET", "/things/a%2Fb?name=c+d", NULL, NULL, PRINCIPAL_NOBODY, &thing);
    g_assert_cmpstr(thing, ==, "{\"thing\":\"a/b\",\"name\":\"c d\"}");
    call(fixture, "GET", "/files/a/b/c", NULL, NULL, PRINCIPAL_NOBODY, &file);
    g_assert_cmpstr(file, ==, "{\"thing\":\"a/b/c\",\"name\":null}");
}

static void test_unknown_paths_and_methods_are_told_apart(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(get(fixture, "/nothing", agent), ==, 404);
    g_assert_cmpuint(get(fixture, "/things", agent), ==, 404);
    g_assert_cmpuint(get(fixture, "/things/a/b", agent), ==, 404);
    g_assert_cmpuint(get(fixture, "/tags", agent), ==, 405);
    g_assert_cmpuint(call(fixture, "HEAD", "/things/a", NULL, NULL, agent, NULL), ==, 200);
    g_assert_cmpuint(call(fixture, "TRACE", "/things/a", NULL, NULL, agent, NULL), ==, 405);
}

static void test_permissions_hold(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_assert_cmpuint(get(fixture, "/stream", PRINCIPAL_NOBODY), ==, 401);
    g_assert_cmpuint(get(fixture, "/stream", agent), ==, 403);
    g_assert_cmpuint(get(fixture, "/stream", supervisor), ==, 200);
    g_assert_cmpuint(get(fixture, "/local", PRINCIPAL_NOBODY), ==, 401);
    g_assert_cmpuint(get(fixture, "/local", administrator), ==, 403);
}

static gint64 count_tags(Fixture *fixture) {
    g_autoptr(GError) error = NULL;
    gint64 count = -1;
    gboolean found;
    Db *db = store_reader_take(fixture->store, &error);
    db_query_int(db, "SELECT COUNT(*) FROM tag", DB_NO_VALUES, &count, &found, &error);
    g_assert_no_error(error);
    store_reader_give(fixture->store, db);
    return count;
}

static void test_a_key_gives_one_effect_and_one_answer(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    const char *body = "{\"name\":\"vip\"}";
    g_assert_cmpuint(call(fixture, "POST", "/tags", body, "k", agent, &first), ==, 201);
    g_assert_cmpuint(call(fixture, "POST", "/tags", body, "k", agent, &second), ==, 201);
    g_assert_cmpstr(first, ==, second);
    g_assert_cmpint(count_tags(fixture), ==, 1);
    g_assert_cmpuint(call(fixture, "POST", "/tags", "{\"name\":\"x\"}", "k", agent, NULL), ==, 409);
    g_assert_cmpuint(call(fixture, "POST", "/tags", "{\"name\":\"x\"}", "k", supervisor, NULL), ==,
                     201);
}

static void test_a_failed_write_leaves_nothing_behind(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *text = NULL;
    const char *body = "{\"name\":\"fails afterwards\"}";
    g_assert_cmpuint(call(fixture, "POST", "/tags", body, "k", agent, &text), ==, 409);
    g_assert_nonnull(strstr(text, "\"code\":\"no\""));
    g_assert_cmpint(count_tags(fixture), ==, 0);
    g_assert_cmpuint(call(fixture, "POST", "/tags", "{\"name\":\"y\"}", "k", agent, NULL), ==, 201);
}

static void test_bodies_are_bounded_and_checked(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *long_name = g_strnfill(100, 'x');
    g_autofree char *long_body = g_strdup_printf("{\"name\":\"%s\"}", long_name);
    g_assert_cmpuint(call(fixture, "POST", "/tags", long_body, NULL, agent, NULL), ==, 413);
    g_assert_cmpuint(call(fixture, "PUT", "/tags", long_body, NULL, agent, NULL), ==, 201);
    g_assert_cmpuint(call(fixture, "POST", "/tags", "{}", NULL, agent, NULL), ==, 400);
    g_assert_cmpuint(call(fixture, "POST", "/tags", "{\"name\":\"a\",\"b\":1}", NULL, agent, NULL),
                     ==, 400);
}

static void test_what_goes_wrong_inside_is_not_told(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *text = NULL;
    g_assert_cmpuint(call(fixture, "GET", "/inside", NULL, NULL, agent, &text), ==, 500);
    g_assert_null(strstr(text, "shadow"));
    g_assert_nonnull(strstr(text, "incident"));
}

static void test_a_stream_is_read_to_its_end(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *text = NULL;
    call(fixture, "GET", "/stream", NULL, NULL, supervisor, &text);
    g_assert_cmpuint(strlen(text), ==, 1000);
}

#define ADD(path, test) g_test_add("/router/" path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
    ADD("a-route-gets-its-parts-decoded", test_a_route_gets_its_parts_decoded);
    ADD("unknown-paths-and-methods-are-told-apart", test_unknown_paths_and_methods_are_told_apart);
    ADD("permissions-hold", test_permissions_hold);
    ADD("a-key-gives-one-effect-and-one-answer", test_a_key_gives_one_effect_and_one_answer);
    ADD("a-failed-write-leaves-nothing-behind", test_a_failed_write_leaves_nothing_behind);
    ADD("bodies-are-bounded-and-checked", test_bodies_are_bounded_and_checked);
    ADD("what-goes-wrong-inside-is-not-told", test_what_goes_wrong_inside_is_not_told);
    ADD("a-stream-is-read-to-its-end", test_a_stream_is_read_to_its_end);
    return g_test_run();
}
