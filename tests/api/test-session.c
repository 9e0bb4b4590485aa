// Sessions through the router, with a clock of our own: how long they and everything around them
// are good for.
#include <string.h>

#include "api/router.h"
#include "api/work.h"
#include "base/secret.h"
#include "desk/sign_in.h"
#include "model/totp.h"
#include "store/credential.h"
#include "store/role.h"
#include "store/ticket.h"
#include "tests/store/scratch.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define BEGIN G_GINT64_CONSTANT(1795000000000)
#define PASSWORD "ruosteinen polku"

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    SignIn *sign_in;
    Router *router;
    Instant now;
    char *cookie;
} House;

static gboolean fill(Db *db, gpointer data, GError **error) {
    (void)data;
    g_autofree char *hash = secret_password_hash(PASSWORD);
    return db_run(db,
                  "INSERT INTO agent (id, email, name, role, created_at) VALUES (7, "
                  "'bo@example.org', 'Bo', 'administrator', 0), (8, 'eve@example.org', 'Eve', "
                  "'agent', 0)",
                  DB_NO_VALUES, error) &&
           credential_set_password(db, 7, hash, BEGIN, error) &&
           credential_set_password(db, 8, hash, BEGIN, error);
}

static void set_clock(House *house, Instant now) {
    house->now = now;
    clock_fix(now);
}

static void set_up(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    set_clock(house, BEGIN);
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    secret_password_cheapen();
    writer_run(store_writer(house->store), fill, NULL, &error);
    g_assert_no_error(error);
    house->work = work_pool_new(1);
    house->sign_in = sign_in_new(house->store);
    ApiParts parts = {.store = house->store,
                      .work = house->work,
                      .sign_in = house->sign_in,
                      .public_url = "https://inbox.example.org"};
    house->router = router_new(api_routes, &parts);
}

static void tear_down(House *house, gconstpointer data) {
    (void)data;
    g_free(house->cookie);
    sign_in_free(house->sign_in);
    work_pool_free(house->work);
    router_free(house->router);
    store_close(house->store);
    scratch_clear(&house->scratch);
    clock_fix(INSTANT_NONE);
}

// Keeps the session's cookie.
static void take_cookie(House *house, const HttpAnswer *answer) {
    for (guint at = 0; at < answer->headers->len; at++) {
        const HttpField *field = answer->headers->pdata[at];
        if (!g_str_has_prefix(field->value, "__Host-s="))
            continue;
        g_free(house->cookie);
        house->cookie = g_strndup(field->value, strcspn(field->value, ";"));
    }
}

static HttpAnswer *call(House *house, const char *method, const char *path, const char *body) {
    HttpRequest *request = http_request_new(method, path);
    http_request_add_header(request, "X-Requested-With", "dialogd");
    if (house->cookie != NULL)
        http_request_add_header(request, "Cookie", house->cookie);
    if (body != NULL) {
        g_autofree char *json = g_strdelimit(g_strdup(body), "'", '"');
        http_request_take_body(request, "application/json", g_bytes_new(json, strlen(json)));
    }
    HttpAnswer *answer = router_call(house->router, request, &PRINCIPAL_NOBODY);
    take_cookie(house, answer);
    return answer;
}

static unsigned status_of(House *house, const char *method, const char *path, const char *body) {
    g_autoptr(HttpAnswer) answer = call(house, method, path, body);
    return answer->status;
}

static char *member_of(House *house, const char *method, const char *path, const char *body,
                       const char *name) {
    g_autoptr(HttpAnswer) answer = call(house, method, path, body);
    gsize length;
    const char *text = g_bytes_get_data(answer->body, &length);
    json_t *json = json_loadb(text, length, 0, NULL);
    char *value = g_strdup(json_string_value(json_object_get(json, name)));
    json_decref(json);
    return value;
}

static gboolean do_nothing(G_GNUC_UNUSED Db *db, G_GNUC_UNUSED gpointer data,
                           G_GNUC_UNUSED GError **error) {
    return TRUE;
}

// What requests have left for the writer is done.
static void flush(House *house) {
    g_autoptr(GError) error = NULL;
    writer_run(store_writer(house->store), do_nothing, NULL, &error);
    g_assert_no_error(error);
}

static void sign_in(House *house) {
    g_assert_cmpuint(status_of(house, "POST", "/api/v1/session",
                               "{'email': 'bo@example.org', 'password': '" PASSWORD "'}"),
                     ==, 201);
}

static void test_a_session_idles_twelve_hours_at_most(House *house, gconstpointer data) {
    (void)data;
    sign_in(house);
    for (int at = 0; at < 5; at++) {
        set_clock(house, house->now + 11 * HOUR_MS);
        g_assert_cmpuint(status_of(house, "GET", "/api/v1/session", NULL), ==, 200);
        flush(house);
    }
    set_clock(house, house->now + 12 * HOUR_MS + MINUTE_MS);
    g_assert_cmpuint(status_of(house, "GET", "/api/v1/session", NULL), ==, 401);
}

static void test_a_session_lives_seven_days_at_most(House *house, gconstpointer data) {
    (void)data;
    sign_in(house);
    while (house->now + 6 * HOUR_MS < BEGIN + 7 * 24 * HOUR_MS) {
        set_clock(house, house->now + 6 * HOUR_MS);
        g_assert_cmpuint(status_of(house, "GET", "/api/v1/session", NULL), ==, 200);
        flush(house);
    }
    set_clock(house, BEGIN + 7 * 24 * HOUR_MS);
    g_assert_cmpuint(status_of(house, "GET", "/api/v1/session", NULL), ==, 401);
}

static void test_what_matters_asks_again_after_a_while(House *house, gconstpointer data) {
    static const struct {
        const char *method;
        const char *path;
        const char *body;
        unsigned status; // once it is confirmed
    } matters[] = {
        {"POST", "/api/v1/tokens", "{'name': 'x'}", 201},
        {"POST", "/api/v1/me/second-factor/totp", NULL, 201},
        {"DELETE", "/api/v1/agents/8/second-factor", NULL, 204},
        {"POST", "/api/v1/oidc-providers",
         "{'name': 'P', 'issuer': 'https://id.example', 'client_id': 'x'}", 201},
        {"PUT", "/api/v1/me/password", "{'password': 'vihrea talo maella'}", 204},
    };
    (void)data;
    sign_in(house);
    for (gsize at = 0; at < G_N_ELEMENTS(matters); at++) {
        g_test_message("%s", matters[at].path);
        set_clock(house, house->now + 16 * MINUTE_MS);
        g_autofree char *code =
            member_of(house, matters[at].method, matters[at].path, matters[at].body, "code");
        g_assert_cmpstr(code, ==, "confirmation_needed");
        g_assert_cmpuint(
            status_of(house, "POST", "/api/v1/session/confirm", "{'password': '" PASSWORD "'}"), ==,
            200);
        g_assert_cmpuint(status_of(house, matters[at].method, matters[at].path, matters[at].body),
                         ==, matters[at].status);
    }
}

static gboolean add_ticket(Db *db, gpointer data, GError **error) {
    const NewTicket *ticket = data;
    return ticket_add(db, ticket, error);
}

static void test_links_end_when_their_time_is_over(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    NewTicket ticket = {.purpose = TICKET_RESET,
                        .agent_id = 7,
                        .secret = "reset-token",
                        .now = BEGIN,
                        .expires_at = BEGIN + 30 * MINUTE_MS};
    writer_run(store_writer(house->store), add_ticket, &ticket, &error);
    g_assert_no_error(error);
    static const char body[] = "{'token': 'reset-token', 'password': 'kolme pienta possua'}";
    g_assert_cmpuint(status_of(house, "POST", "/api/v1/invitation/redeem", body), ==, 401);
    set_clock(house, BEGIN + 30 * MINUTE_MS);
    g_assert_cmpuint(status_of(house, "POST", "/api/v1/password-reset/redeem", body), ==, 401);
    set_clock(house, BEGIN + 30 * MINUTE_MS - 1);
    g_assert_cmpuint(status_of(house, "POST", "/api/v1/password-reset/redeem", body), ==, 204);
}

static gboolean swap_seeds(Db *db, gpointer data, GError **error) {
    (void)data;
    return db_run(db,
                  "UPDATE totp SET seed = (SELECT seed FROM totp WHERE agent_id = 7) WHERE "
                  "agent_id = 8",
                  DB_NO_VALUES, error);
}

static gboolean copy_seed(Db *db, gpointer data, GError **error) {
    (void)data;
    return db_run(db,
                  "INSERT INTO totp (agent_id, seed, created_at) SELECT 8, seed, created_at FROM "
                  "totp WHERE agent_id = 7",
                  DB_NO_VALUES, error) &&
           swap_seeds(db, NULL, error);
}

static void test_a_seed_opens_in_its_own_row_alone(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    sign_in(house);
    g_autofree char *secret =
        member_of(house, "POST", "/api/v1/me/second-factor/totp", NULL, "secret");
    g_assert_nonnull(secret);
    g_autofree char *path = scratch_path(&house->scratch, "dialogd.db-wal");
    g_autofree char *contents = NULL;
    gsize length = 0;
    if (g_file_get_contents(path, &contents, &length, NULL))
        g_assert_null(g_strstr_len(contents, (gssize)length, secret));
    writer_run(store_writer(house->store), copy_seed, NULL, &error);
    g_assert_no_error(error);
    g_clear_pointer(&house->cookie, g_free);
    g_assert_cmpuint(status_of(house, "POST", "/api/v1/session",
                               "{'email': 'eve@example.org', 'password': '" PASSWORD "'}"),
                     ==, 201);
    g_assert_cmpuint(
        status_of(house, "POST", "/api/v1/me/second-factor/totp/confirm", "{'code': '123456'}"), ==,
        503);
}

static gboolean find_key(Db *db, const guint8 sha256[32], gint64 *count) {
    gboolean found;
    return db_query_int(db, "SELECT COUNT(*) FROM idempotency WHERE request_sha256 = $1",
                        DB_VALUES(DB_SPAN(sha256, 32)), count, &found, NULL);
}

// What is kept of a request with an Idempotency-Key is no hash that anybody could guess at.
static void test_nothing_kept_of_a_request_tells_its_password(House *house, gconstpointer data) {
    (void)data;
    static const char text[] = "PUT/api/v1/me/password\0{\"password\": \"vihrea talo maella\"}";
    guint8 sha256[32];
    gsize size = sizeof sha256;
    gint64 plain = -1, all = -1;
    gboolean found;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)text, sizeof text - 1);
    g_checksum_get_digest(checksum, sha256, &size);
    sign_in(house);
    HttpRequest *request = http_request_new("PUT", "/api/v1/me/password");
    http_request_add_header(request, "X-Requested-With", "dialogd");
    http_request_add_header(request, "Cookie", house->cookie);
    http_request_add_header(request, "Idempotency-Key", "one");
    static const char body[] = "{\"password\": \"vihrea talo maella\"}";
    http_request_take_body(request, "application/json", g_bytes_new(body, strlen(body)));
    g_autoptr(HttpAnswer) answer = router_call(house->router, request, &PRINCIPAL_NOBODY);
    g_assert_cmpuint(answer->status, ==, 204);
    Db *db = store_reader_take(house->store, NULL);
    g_assert_true(find_key(db, sha256, &plain));
    db_query_int(db, "SELECT COUNT(*) FROM idempotency", DB_NO_VALUES, &all, &found, NULL);
    store_reader_give(house->store, db);
    g_assert_cmpint(all, ==, 1);
    g_assert_cmpint(plain, ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function) g_test_add("/session/" name, House, NULL, set_up, function, tear_down)
    TEST("it idles twelve hours at most", test_a_session_idles_twelve_hours_at_most);
    TEST("it lives seven days at most", test_a_session_lives_seven_days_at_most);
    TEST("A16: what matters asks again after a while", test_what_matters_asks_again_after_a_while);
    TEST("A05: links end when their time is over", test_links_end_when_their_time_is_over);
    TEST("K01: a seed opens in its own row alone", test_a_seed_opens_in_its_own_row_alone);
    TEST("K01: nothing kept of a request tells its password",
         test_nothing_kept_of_a_request_tells_its_password);
    return g_test_run();
}
