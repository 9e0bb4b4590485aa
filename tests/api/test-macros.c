// /api/v1/macros through the router: what they do, to each conversation for itself, and its
// undoing.
#include <string.h>

#include "api/router.h"
#include "api/work.h"
#include "desk/channel_directory.h"
#include "model/role.h"
#include "tests/store/scratch.h"

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    ChannelDirectory *channels;
    Router *router;
} House;

static const char *const rows[] = {
    "INSERT INTO agent (id, email, name, role, created_at) VALUES (11, 'a@x.example', 'Maija',"
    " 'agent', 0), (12, 's@x.example', 'Sari', 'supervisor', 0)",
    "INSERT INTO team (id, name, created_at, is_private) VALUES (1, 'Sales', 0, 0),"
    " (2, 'Secret', 0, 1)",
    "INSERT INTO agent_team (agent_id, team_id) VALUES (11, 1)",
    "INSERT INTO channel (id, kind, name, address, key, settings, waits_from, created_at)"
    " VALUES (101, 'email', 'Shop', 'shop@x.example', 'k1', '{}', 0, 0)",
    "INSERT INTO customer (id, root_id, name, created_at) VALUES (51, 51, 'Anna', 0)",
    "INSERT INTO identity (id, customer_id, kind, address, created_at) VALUES (71, 51, 'email',"
    " 'anna@x.example', 0)",
    "INSERT INTO conversation (id, channel_id, customer_id, identity_id, subject, created_at,"
    " last_message_at, priority, team_id) VALUES (1, 101, 51, 71, 'Parcel', 1, 1, 0, NULL),"
    " (2, 101, 51, 71, 'Other', 1, 1, 1, NULL), (3, 101, 51, 71, 'Hidden', 1, 1, 1, 2)",
    "INSERT INTO message (id, conversation_id, channel_id, identity_id, direction, author, class,"
    " text, headers, state, occurred_at, received_at, recorded_at) SELECT id + 20, id, 101, 71,"
    " 'in', 'customer', 'ordinary', 'Hi', '{\"from\": {\"address\": \"anna@x.example\"}}',"
    " 'received', 1, 1, 1 FROM conversation",
    NULL,
};

static gboolean fill(Db *db, gpointer data, GError **error) {
    (void)data;
    for (const char *const *row = rows; *row != NULL; row++)
        if (!db_run(db, *row, DB_NO_VALUES, error))
            return FALSE;
    return visibility_refresh(db, error);
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    house->scratch = scratch_new();
    house->store = store_open(house->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    writer_run(store_writer(house->store), fill, NULL, &error);
    g_assert_no_error(error);
    house->work = work_pool_new(1);
    house->channels = channel_directory_new(house->store, &error);
    g_assert_no_error(error);
    ApiParts parts = {
        .store = house->store, .work = house->work, .channels = house->channels, .public_url = ""};
    house->router = router_new(api_routes, &parts);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    work_pool_free(house->work);
    router_free(house->router);
    channel_directory_free(house->channels);
    store_close(house->store);
    scratch_clear(&house->scratch);
}

static json_t *ask(House *house, Id agent_id, const char *method, const char *path,
                   const char *body, unsigned status) {
    HttpRequest *request = http_request_new(method, path);
    Principal principal = {.is_known = TRUE, .agent_id = agent_id};
    role_find_built_in(agent_id == 12 ? ROLE_SUPERVISOR : ROLE_AGENT, &principal.permissions);
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

// Adds a macro with those actions and gives its path.
static char *add(House *house, Id agent_id, const char *actions) {
    g_autofree char *body = g_strdup_printf("{'name': 'M', 'owner': '%s', 'actions': %s}",
                                            agent_id == 12 ? "all" : "agent", actions);
    json_t *made = ask(house, agent_id, "POST", "/api/v1/macros", body, 201);
    char *path =
        g_strdup_printf("/api/v1/macros/%s", json_string_value(json_object_get(made, "id")));
    json_decref(made);
    return path;
}

static json_t *run(House *house, Id agent_id, const char *path, const char *conversations) {
    g_autofree char *target = g_strconcat(path, "/run", NULL);
    g_autofree char *body = g_strdup_printf("{'conversations': %s}", conversations);
    json_t *json = ask(house, agent_id, "POST", target, body, 200);
    json_t *items = json_incref(json_object_get(json, "items"));
    json_decref(json);
    return items;
}

static gint64 count(House *house, const char *sql) {
    gint64 value = 0;
    gboolean found;
    Db *db = store_reader_take(house->store, NULL);
    g_assert_true(db_query_int(db, sql, DB_NO_VALUES, &value, &found, NULL));
    store_reader_give(house->store, db);
    return value;
}

// Neither an agent who may not see the conversation nor one who left is given it.
static void test_nobody_is_given_what_they_may_not_have(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path = add(house, 12, "[{'action': 'assign_agent', 'agent_id': '11'}]");
    g_autofree char *target = g_strconcat(path, "/run", NULL);
    json_t *json = ask(house, 12, "POST", target, "{'conversations': ['1', '3']}", 200);
    json_t *items = json_object_get(json, "items");
    g_assert_true(json_is_true(json_object_get(json_array_get(items, 0), "is_done")));
    g_assert_cmpstr(json_string_value(json_object_get(json_array_get(items, 1), "code")), ==,
                    "assignee_blind");
    json_decref(json);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation WHERE assignee_id = 11"), ==,
                    1);
}

static void test_all_is_done_at_one_touch(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path = add(
        house, 12,
        "[{'action': 'assign_me'}, {'action': 'assign_team', 'team_id': '1'}, {'action': 'add_tag',"
        " 'tag': 'late'}, {'action': 'set_priority', 'priority': 2}, {'action': 'note', 'text':"
        " 'Seen {{customer.name}}'}, {'action': 'reply', 'text': 'Hello {{customer.first_name}}'},"
        " {'action': 'set_status', 'status': 'resolved'}]");
    json_t *items = run(house, 11, path, "['1', '2', '3', '99']");
    g_assert_true(json_is_true(json_object_get(json_array_get(items, 0), "is_done")));
    g_assert_true(json_is_true(json_object_get(json_array_get(items, 1), "is_done")));
    for (gsize at = 2; at < 4; at++)
        g_assert_cmpstr(json_string_value(json_object_get(json_array_get(items, at), "code")), ==,
                        "conversation_unknown");
    json_decref(items);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation WHERE status = 'resolved' AND"
                                 " assignee_id = 11 AND team_id = 1 AND priority = 2"),
                    ==, 2);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE direction = 'note' AND"
                                 " text = 'Seen Anna' AND author = 'agent'"),
                    ==, 2);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE direction = 'out' AND"
                                 " state = 'held' AND text LIKE 'Hello Anna%'"),
                    ==, 2);
    g_assert_cmpint(count(house, "SELECT use_count FROM macro"), ==, 1);
}

static void test_what_it_did_can_be_undone(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path =
        add(house, 11,
            "[{'action': 'assign_me'}, {'action': 'add_tag', 'tag': 'late'}, {'action':"
            " 'set_priority', 'priority': -1}, {'action': 'snooze', 'for_minutes': 60}]");
    json_t *items = run(house, 11, path, "['2']");
    json_t *undo = json_object_get(json_array_get(items, 0), "undo");
    g_autofree char *body = json_dumps(undo, JSON_COMPACT);
    is(house, 11, "PATCH", "/api/v1/conversations/2", body, 200);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation WHERE id = 2 AND status ="
                                 " 'open' AND assignee_id IS NULL AND priority = 1 AND"
                                 " snoozed_until IS NULL"),
                    ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 0);
    json_decref(items);
}

static void test_a_conversation_gets_all_or_nothing(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *path =
        add(house, 11,
            "[{'action': 'add_tag', 'tag': 'late'}, {'action': 'set_field', 'field':"
            " 'nowhere', 'value': 1}]");
    json_t *items = run(house, 11, path, "['1']");
    g_assert_true(json_is_false(json_object_get(json_array_get(items, 0), "is_done")));
    g_assert_nonnull(strstr(json_string_value(json_object_get(json_array_get(items, 0), "detail")),
                            "set_field"));
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 0);
    json_decref(items);
}

static void test_nobody_lends_what_they_may_not(House *house, gconstpointer data) {
    (void)data;
    is(house, 11, "POST", "/api/v1/macros",
       "{'name': 'M', 'actions': [{'action': 'call_webhook', 'webhook_id': '1'}]}", 403);
    is(house, 11, "POST", "/api/v1/macros",
       "{'name': 'M', 'actions': [{'action': 'assign_team', 'team_id': '2'}]}", 404);
    is(house, 11, "POST", "/api/v1/macros",
       "{'name': 'M', 'owner': 'all', 'actions': [{'action': 'assign_me'}]}", 403);
    g_autofree char *mine = add(house, 11, "[{'action': 'assign_me'}]");
    is(house, 12, "GET", mine, NULL, 404);
    g_autofree char *target = g_strconcat(mine, "/run", NULL);
    is(house, 12, "POST", target, "{'conversations': ['1']}", 404);
    is(house, 11, "DELETE", mine, NULL, 204);
}

static void test_actions_are_checked_by_name(House *house, gconstpointer data) {
    (void)data;
    static const char *const wrong[] = {
        "[]",
        "[{'action': 'format_disk'}]",
        "[{'action': 'add_tag'}]",
        "[{'action': 'add_tag', 'tag': 'a\\n'}]",
        "[{'action': 'add_tag', 'tag': 'a', 'also': 1}]",
        "[{'action': 'set_priority', 'priority': 3}]",
        "[{'action': 'set_status', 'status': 'snoozed'}]",
        "[{'action': 'snooze'}]",
        "[{'action': 'snooze', 'for_minutes': -1}]",
        "[{'action': 'reply', 'text': '{{agent.password}}'}]",
        "[{'action': 'reply', 'text': 'a'}, {'action': 'reply', 'text': 'b'}]",
        "[{'action': 'reply', 'text': 'a', 'subject': 'b\\r\\nBcc: c'}]",
        "[{'action': 'assign_agent', 'agent_id': 1}]",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autofree char *body = g_strdup_printf("{'name': 'M', 'actions': %s}", wrong[at]);
        is(house, 11, "POST", "/api/v1/macros", body, 400);
    }
}

#define TEST(name, function)                                                                       \
    g_test_add("/macros/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("all-is-done-at-one-touch", test_all_is_done_at_one_touch);
    TEST("nobody-is-given-what-they-may-not-have", test_nobody_is_given_what_they_may_not_have);
    TEST("what-it-did-can-be-undone", test_what_it_did_can_be_undone);
    TEST("a-conversation-gets-all-or-nothing", test_a_conversation_gets_all_or_nothing);
    TEST("nobody-lends-what-they-may-not", test_nobody_lends_what_they_may_not);
    TEST("actions-are-checked-by-name", test_actions_are_checked_by_name);
    return g_test_run();
}
