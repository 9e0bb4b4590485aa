// /api/v1/canned-replies through the router.
#include <string.h>

#include "api/router.h"
#include "api/work.h"
#include "model/role.h"
#include "tests/store/scratch.h"

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    Router *router;
} House;

static const char *const rows[] = {
    "INSERT INTO agent (id, email, name, role, signature, created_at) VALUES (11, 'a@x.example',"
    " 'Virtanen, Maija', 'agent', 'Best, M', 0), (12, 's@x.example', 'Sari', 'supervisor', '', 0)",
    "INSERT INTO team (id, name, created_at) VALUES (1, 'Sales', 0), (2, 'Support', 0)",
    "INSERT INTO agent_team (agent_id, team_id) VALUES (11, 1)",
    "INSERT INTO channel (id, kind, name, address, key, settings, waits_from, created_at)"
    " VALUES (101, 'email', 'Shop', 'shop@x.example', 'k1', '{}', 0, 0)",
    "INSERT INTO customer (id, root_id, name, language, created_at) VALUES"
    " (51, 51, 'Anna <b> {{agent.signature}}', 'fi-FI', 0)",
    "INSERT INTO conversation (id, channel_id, customer_id, subject, created_at, last_message_at)"
    " VALUES (1, 101, 51, 'Parcel', 1, 1)",
    "INSERT INTO field (id, object, key, label, kind, created_at) VALUES (61, 'customer', 'plan',"
    " 'Plan', 'text', 0)",
    "INSERT INTO customer_field (customer_id, field_id, value) VALUES (51, 61, 'Gold')",
    NULL,
};

static gboolean fill(Db *db, gpointer data, GError **error) {
    (void)data;
    for (const char *const *row = rows; *row != NULL; row++)
        if (!db_run(db, *row, DB_NO_VALUES, error))
            return FALSE;
    return TRUE;
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    house->work = work_pool_new(1);
    ApiParts parts = {.store = house->store, .work = house->work, .public_url = ""};
    house->router = router_new(api_routes, &parts);
    writer_run(store_writer(house->store), fill, NULL, &error);
    g_assert_no_error(error);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    work_pool_free(house->work);
    router_free(house->router);
    store_close(house->store);
    scratch_clear(&house->scratch);
}

// As the agent of that id; 0: the local administrator.
static json_t *ask(House *house, Id agent_id, const char *method, const char *path,
                   const char *body, unsigned status) {
    HttpRequest *request = http_request_new(method, path);
    Principal principal = PRINCIPAL_LOCAL;
    if (agent_id != 0) {
        principal = (Principal){.is_known = TRUE, .agent_id = agent_id};
        role_find_built_in(agent_id == 12 ? ROLE_SUPERVISOR : ROLE_AGENT, &principal.permissions);
    }
    if (body != NULL) {
        g_autofree char *json = g_strdelimit(g_strdup(body), "'", '"');
        http_request_take_body(request, "application/json", g_bytes_new(json, strlen(json)));
    }
    g_autoptr(HttpAnswer) answer = router_call(house->router, request, &principal);
    gsize length;
    const char *text = g_bytes_get_data(answer->body, &length);
    if (answer->status != status)
        g_test_message("%s %s: %u %.*s", method, path, answer->status, (int)length, text);
    g_assert_cmpuint(answer->status, ==, status);
    return json_loadb(text != NULL ? text : "", length, 0, NULL);
}

static void is(House *house, Id agent_id, const char *method, const char *path, const char *body,
               unsigned status) {
    json_decref(ask(house, agent_id, method, path, body, status));
}

// Adds one and gives its path.
static char *add(House *house, Id agent_id, const char *body) {
    json_t *made = ask(house, agent_id, "POST", "/api/v1/canned-replies", body, 201);
    char *path = g_strdup_printf("/api/v1/canned-replies/%s",
                                 json_string_value(json_object_get(made, "id")));
    json_decref(made);
    return path;
}

static gsize found(House *house, Id agent_id, const char *query) {
    g_autofree char *path = g_strconcat("/api/v1/canned-replies", query, NULL);
    json_t *list = ask(house, agent_id, "GET", path, NULL, 200);
    gsize count = json_array_size(json_object_get(list, "items"));
    json_decref(list);
    return count;
}

static void test_ones_own_are_ones_own(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path = add(house, 11, "{'name': 'Mine', 'texts': [{'text': 'Moi'}]}");
    is(house, 11, "GET", path, NULL, 200);
    is(house, 12, "GET", path, NULL, 404);
    is(house, 0, "GET", path, NULL, 404);
    is(house, 12, "DELETE", path, NULL, 404);
    g_assert_cmpuint(found(house, 12, ""), ==, 0);
    is(house, 11, "DELETE", path, NULL, 204);
    is(house, 11, "GET", path, NULL, 404);
}

static void test_shared_ones_need_a_permission(House *house, gconstpointer data) {
    (void)data;
    static const char all[] = "{'name': 'A', 'owner': 'all', 'texts': [{'text': 'x'}]}";
    is(house, 11, "POST", "/api/v1/canned-replies", all, 403);
    g_autofree char *path = add(house, 12, all);
    is(house, 11, "GET", path, NULL, 200);
    is(house, 11, "PUT", path, "{'name': 'B', 'texts': [{'text': 'x'}]}", 403);
    is(house, 11, "DELETE", path, NULL, 403);
    g_autofree char *sales =
        add(house, 12, "{'name': 'S', 'owner': 'team', 'team_id': '1', 'texts': [{'text': 'x'}]}");
    g_autofree char *support =
        add(house, 12, "{'name': 'T', 'owner': 'team', 'team_id': '2', 'texts': [{'text': 'x'}]}");
    is(house, 11, "GET", sales, NULL, 200);
    is(house, 11, "GET", support, NULL, 404);
    g_assert_cmpuint(found(house, 11, ""), ==, 2);
    g_assert_cmpuint(found(house, 12, ""), ==, 3);
}

static void test_a_change_over_another_is_refused(House *house, gconstpointer data) {
    (void)data;
    static const char body[] = "{'name': 'A', 'owner': 'all', 'texts': [{'text': 'x'}]}";
    g_autofree char *path = add(house, 12, body);
    HttpRequest *request = http_request_new("PUT", path);
    g_autofree char *json = g_strdelimit(g_strdup(body), "'", '"');
    http_request_take_body(request, "application/json", g_bytes_new(json, strlen(json)));
    http_request_add_header(request, "If-Match", "\"v9\"");
    g_autoptr(HttpAnswer) answer = router_call(house->router, request, &PRINCIPAL_LOCAL);
    g_assert_cmpuint(answer->status, ==, 412);
    is(house, 12, "PUT", path, body, 200);
}

static void test_they_are_filled_in_for_the_customer(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path =
        add(house, 12,
            "{'name': 'A', 'owner': 'all', 'texts': [{'language': 'en', 'text': 'Hello'},"
            " {'language': 'fi', 'subject': '{{conversation.subject}}: {{customer.name}}', 'text':"
            " 'Hei {{customer.first_name}}, {{agent.first_name}} {{conversation.field.x|-}}"
            " {{customer.field.plan|none}}', 'html':"
            " '<p>{{customer.name}}</p>'}]}");
    g_autofree char *render = g_strconcat(path, "/render?conversation=1", NULL);
    json_t *json = ask(house, 11, "GET", render, NULL, 200);
    g_assert_cmpstr(json_string_value(json_object_get(json, "text")), ==, "Hei Anna, Maija - Gold");
    g_assert_cmpstr(json_string_value(json_object_get(json, "html")), ==,
                    "<p>Anna &lt;b&gt; {{agent.signature}}</p>");
    g_assert_cmpstr(json_string_value(json_object_get(json, "subject")), ==,
                    "Parcel: Anna <b> {{agent.signature}}");
    json_decref(json);
    g_autofree char *english = g_strconcat(render, "&language=en-GB", NULL);
    json = ask(house, 11, "GET", english, NULL, 200);
    g_assert_cmpstr(json_string_value(json_object_get(json, "text")), ==, "Hello");
    json_decref(json);
}

static void test_unknown_variables_are_refused(House *house, gconstpointer data) {
    (void)data;
    static const char *const wrong[] = {
        "{'name': 'A', 'texts': [{'text': '{{agent.password}}'}]}",
        "{'name': 'A', 'texts': [{'text': 'x', 'subject': '{{'}]}",
        "{'name': 'A', 'texts': [{'text': 'x', 'html': '<a href={{agent.name}}>'}]}",
        "{'name': 'A', 'texts': []}",
        "{'name': '', 'texts': [{'text': 'x'}]}",
        "{'name': 'A', 'use_count': 5, 'texts': [{'text': 'x'}]}",
        "{'name': 'A', 'texts': [{'text': 'x', 'language': '../en'}]}",
        "{'name': 'A', 'owner': 'team', 'texts': [{'text': 'x'}]}",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        is(house, 12, "POST", "/api/v1/canned-replies", wrong[at], 400);
    is(house, 12, "POST", "/api/v1/canned-replies",
       "{'name': 'A', 'owner': 'team', 'team_id': '77', 'texts': [{'text': 'x'}]}", 400);
}

static void test_words_find_them_by_their_beginnings(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *one = add(house, 12,
                               "{'name': 'Where is my PARCEL', 'shortcut': 'par', 'owner': 'all',"
                               " 'texts': [{'text': 'It is on its way'}]}");
    g_autofree char *two =
        add(house, 12, "{'name': 'Party', 'owner': 'all', 'texts': [{'text': 'Päivää'}]}");
    g_assert_cmpuint(found(house, 11, "?q=par"), ==, 2);
    g_assert_cmpuint(found(house, 11, "?q=parc+way"), ==, 1);
    g_assert_cmpuint(found(house, 11, "?q=p%C3%84IV"), ==, 1);
    g_assert_cmpuint(found(house, 11, "?q=parcels"), ==, 0);
    g_assert_cmpuint(found(house, 11, "?q=%25"), ==, 2);
    g_autofree char *uses = g_strconcat(two, "/uses", NULL);
    is(house, 11, "POST", uses, NULL, 204);
    json_t *list = ask(house, 11, "GET", "/api/v1/canned-replies?q=pa", NULL, 200);
    json_t *first = json_array_get(json_object_get(list, "items"), 0);
    g_assert_cmpstr(json_string_value(json_object_get(first, "name")), ==, "Party");
    json_decref(list);
    list = ask(house, 11, "GET", "/api/v1/canned-replies?q=par", NULL, 200);
    first = json_array_get(json_object_get(list, "items"), 0);
    g_assert_cmpstr(json_string_value(json_object_get(first, "shortcut")), ==, "par");
    json_decref(list);
}

static void test_folders_hold_them(House *house, gconstpointer data) {
    (void)data;
    json_t *made = ask(house, 12, "POST", "/api/v1/canned-folders", "{'name': 'Shipping'}", 201);
    const char *id = json_string_value(json_object_get(made, "id"));
    is(house, 11, "POST", "/api/v1/canned-folders", "{'name': 'Mine'}", 403);
    is(house, 12, "POST", "/api/v1/canned-folders", "{'name': 'Shipping'}", 409);
    g_autofree char *body = g_strdup_printf(
        "{'name': 'A', 'owner': 'all', 'folder_id': '%s', 'texts': [{'text': 'x'}]}", id);
    g_autofree char *path = add(house, 12, body);
    g_autofree char *query = g_strconcat("?folder=", id, NULL);
    g_assert_cmpuint(found(house, 11, query), ==, 1);
    g_autofree char *folder = g_strconcat("/api/v1/canned-folders/", id, NULL);
    is(house, 12, "PUT", folder, "{'name': 'Delivery', 'position': 3}", 200);
    is(house, 12, "DELETE", folder, NULL, 204);
    g_assert_cmpuint(found(house, 11, query), ==, 0);
    is(house, 11, "GET", path, NULL, 200);
    json_decref(made);
}

#define THOUSANDS 5000

static gboolean fill_thousands(Db *db, gpointer data, GError **error) {
    (void)data;
    for (Id id = 1000; id < 1000 + THOUSANDS; id++) {
        g_autofree char *word = g_strdup_printf("w%05d", (int)id * 7 % 99991);
        if (!db_run(db, "INSERT INTO canned (id, name, created_at) VALUES ($1, $2, 0)",
                    DB_VALUES(DB_ID(id), DB_TEXT(word)), error) ||
            !db_run(db, "INSERT INTO canned_text (canned_id, position, text) VALUES ($1, 0, $2)",
                    DB_VALUES(DB_ID(id), DB_TEXT(word)), error) ||
            !db_run(db, "INSERT INTO canned_word (word, canned_id) VALUES ($2, $1)",
                    DB_VALUES(DB_ID(id), DB_TEXT(word)), error))
            return FALSE;
    }
    return TRUE;
}

static void test_thousands_are_searched_at_once(House *house, gconstpointer data) {
    (void)data;
    gint64 least = G_MAXINT64;
    g_assert_true(writer_run(store_writer(house->store), fill_thousands, NULL, NULL));
    for (int try = 0; try < 5; try++) {
        gint64 start = g_get_monotonic_time();
        g_assert_cmpuint(found(house, 11, "?q=w"), ==, 50);
        g_assert_cmpuint(found(house, 11, "?q=w0700"), >, 0);
        least = MIN(least, g_get_monotonic_time() - start);
    }
    g_test_message("both searches: %" G_GINT64_FORMAT " us", least);
    g_assert_cmpint(least, <, 50000);
}

#define TEST(name, function)                                                                       \
    g_test_add("/canned/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("ones-own-are-ones-own", test_ones_own_are_ones_own);
    TEST("shared-ones-need-a-permission", test_shared_ones_need_a_permission);
    TEST("a-change-over-another-is-refused", test_a_change_over_another_is_refused);
    TEST("I07-they-are-filled-in-for-the-customer", test_they_are_filled_in_for_the_customer);
    TEST("I07-unknown-variables-are-refused", test_unknown_variables_are_refused);
    TEST("words-find-them-by-their-beginnings", test_words_find_them_by_their_beginnings);
    TEST("folders-hold-them", test_folders_hold_them);
    TEST("thousands-are-searched-at-once", test_thousands_are_searched_at_once);
    return g_test_run();
}
