// T01, T02, T05: every route of the table x every role x own and hidden objects. A route that is
// added is walked by itself; a new kind of path parameter needs a row in walk_rows.h. What is
// hidden bears a mark, and no answer to somebody from whom it is hidden may contain it.
#include <string.h>

#include "api/router.h"
#include "api/work.h"
#include "model/role.h"
#include "store/visibility.h"
#include "tests/api/walk_rows.h"
#include "tests/store/scratch.h"

typedef struct {
    Scratch scratch;
    Store *store;
    WorkPool *work;
    Router *router;
} Walk;

static gboolean fill(Db *db, gpointer data, GError **error) {
    (void)data;
    for (const char *const *row = rows; *row != NULL; row++)
        if (!db_run(db, *row, DB_NO_VALUES, error))
            return FALSE;
    return visibility_refresh(db, error);
}

static void set_up(Walk *walk, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    walk->scratch = scratch_new();
    walk->store = store_open(walk->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    walk->work = work_pool_new(1);
    ApiParts parts = {.store = walk->store, .work = walk->work, .public_url = ""};
    walk->router = router_new(api_routes, &parts);
    writer_run(store_writer(walk->store), fill, NULL, &error);
    g_assert_no_error(error);
}

static void tear_down(Walk *walk, gconstpointer data) {
    (void)data;
    work_pool_free(walk->work);
    router_free(walk->router);
    store_close(walk->store);
    scratch_clear(&walk->scratch);
}

static const char *stand_in(const char *name, const char *hidden_name, const char *hidden) {
    if (hidden_name != NULL && strcmp(name, hidden_name) == 0)
        return hidden;
    for (gsize at = 0; at < G_N_ELEMENTS(parameters); at++)
        if (strcmp(parameters[at].name, name) == 0)
            return parameters[at].seen;
    for (gsize at = 0; at < G_N_ELEMENTS(plain); at++)
        if (strcmp(plain[at], name) == 0)
            return "1";
    g_test_message("teach parameters[] the path parameter {%s}", name);
    g_test_fail();
    return "1";
}

// The pattern with its parameters filled in; hidden stands for hidden_name.
static char *target_of(const char *pattern, const char *hidden_name, const char *hidden) {
    g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (**part != '{')
            continue;
        g_autofree char *name = g_strndup(*part + 1, strcspn(*part + 1, ".}"));
        char *value = g_strdup(stand_in(name, hidden_name, hidden));
        g_free(*part);
        *part = value;
    }
    return g_strjoinv("/", parts);
}

static unsigned ask(Walk *walk, const char *method, const char *target, const char *body,
                    const Principal *principal, char **text) {
    HttpRequest *request = http_request_new(method, target);
    if (body != NULL)
        http_request_take_body(request, "application/json", g_bytes_new(body, strlen(body)));
    g_autoptr(HttpAnswer) answer = router_call(walk->router, request, principal);
    gsize length;
    const char *data = g_bytes_get_data(answer->body, &length);
    *text = g_strndup(data != NULL ? data : "", length);
    return answer->status;
}

static Principal principal_of(Id agent_id, const char *role) {
    Principal principal = {.is_known = TRUE, .agent_id = agent_id};
    if (!role_find_built_in(role, &principal.permissions))
        principal.permissions = permission_set_parse(role);
    return principal;
}

// May do everything, but does not see everything.
static Principal restricted(void) {
    return (Principal){.is_known = TRUE,
                       .agent_id = 11,
                       .permissions =
                           permission_set_all() & ~PERMISSION_BIT(PERMISSION_SEE_EVERYTHING)};
}

static gboolean is_allowed(const ApiRoute *route, const Principal *principal) {
    if (route->permission == PERMISSION_ANYONE)
        return TRUE;
    if (route->permission == PERMISSION_SIGNED_IN)
        return principal->is_known;
    return route->permission != PERMISSION_LOCAL && principal_may(principal, route->permission);
}

static void walk_route(Walk *walk, const ApiRoute *route, const Principal *principal,
                       const char *who) {
    g_autofree char *target = target_of(route->pattern, NULL, NULL);
    g_autofree char *text = NULL;
    unsigned status = ask(walk, route->method, target, NULL, principal, &text);
    gboolean is_refused = status == 401 || strstr(text, "permission_missing") != NULL ||
                          strstr(text, "local_only") != NULL;
    if (is_allowed(route, principal) == !is_refused)
        return;
    g_test_message("%s %s as %s: %u %.200s", route->method, target, who, status, text);
    g_test_fail();
}

#define EACH_ROUTE(route)                                                                          \
    for (const ApiRoute *const *table = api_routes; *table != NULL; table++)                       \
        for (const ApiRoute *route = *table; route->method != NULL; route++)

static void test_each_role_may_what_its_permissions_say(Walk *walk, gconstpointer data) {
    (void)data;
    const struct {
        const char *name;
        Principal principal;
    } people[] = {
        {"nobody", PRINCIPAL_NOBODY},
        {"no permission", principal_of(14, "")},
        {"reader", principal_of(14, "conversation_read")},
        {"agent", principal_of(11, ROLE_AGENT)},
        {"supervisor", principal_of(12, ROLE_SUPERVISOR)},
        {"administrator", principal_of(13, ROLE_ADMINISTRATOR)},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(people); at++)
        EACH_ROUTE(route)
    walk_route(walk, route, &people[at].principal, people[at].name);
}

// Hidden and missing look alike, to the letter.
static void walk_hidden(Walk *walk, const ApiRoute *route, const char *name, const char *id) {
    const Principal principal = restricted();
    g_autofree char *hidden = target_of(route->pattern, name, id);
    g_autofree char *missing = target_of(route->pattern, name, "999");
    g_autofree char *text = NULL;
    g_autofree char *missing_text = NULL;
    unsigned status = ask(walk, route->method, hidden, NULL, &principal, &text);
    unsigned missing_status = ask(walk, route->method, missing, NULL, &principal, &missing_text);
    if (status == 404 && missing_status == 404 && strcmp(text, missing_text) == 0)
        return;
    g_test_message("%s %s: %u %.200s (missing: %u %.200s)", route->method, hidden, status, text,
                   missing_status, missing_text);
    g_test_fail();
}

static void test_hidden_objects_are_not_there(Walk *walk, gconstpointer data) {
    (void)data;
    EACH_ROUTE(route) {
        if (route->permission == PERMISSION_ANYONE || route->permission == PERMISSION_LOCAL)
            continue;
        for (gsize at = 0; at < G_N_ELEMENTS(parameters); at++) {
            g_autofree char *braced = g_strdup_printf("{%s}", parameters[at].name);
            if (strstr(route->pattern, braced) == NULL)
                continue;
            for (const char *const *id = parameters[at].hidden; *id != NULL; id++)
                walk_hidden(walk, route, parameters[at].name, *id);
        }
    }
}

// Queries that must find nothing hidden, beside each GET route without one.
static const char *const queries[] = {
    "/api/v1/conversations?view=all",
    "/api/v1/conversations?view=waiting",
    "/api/v1/conversations?view=all&channel=102",
    "/api/v1/conversations?view=all&team=2",
    "/api/v1/conversations?q=channel:102&total=1",
    "/api/v1/conversations?q=" MARK,
    "/api/v1/conversations?ids=1,2,3",
    "/api/v1/conversations?view=all&customer=52",
    "/api/v1/search?q=" MARK,
    "/api/v1/search?q=is:open",
    "/api/v1/search?q=-nothing",
    "/api/v1/customers?address=" MARK "-address",
    "/api/v1/waits?conversation=2",
    "/api/v1/waits?format=csv",
    "/api/v1/events?since=0&poll=1",
    "/api/v1/export/messages",
    "/api/v1/customers/51/timeline",
    "/api/v1/customers/51/merge-preview?from=52",
    "/api/v1/canned-replies/91/render?conversation=2",
    "/api/v1/canned-replies?q=" MARK,
    "/api/v1/conversations?view=82",
    "/api/v1/conversations?view=83",
    "/api/v1/conversations?q=team:2",
    "/api/v1/waits?channel=102",
    "/api/v1/waits?team=2",
    "/api/v1/reports/response-times?channel=102",
    "/api/v1/reports/response-times.csv?team=2",
    NULL,
};

static void shows_no_mark(Walk *walk, const char *target) {
    const Principal principal = restricted();
    g_autofree char *text = NULL;
    unsigned status = ask(walk, "GET", target, NULL, &principal, &text);
    // 500: the explanation of a wait that has no events; 503: a part that does not run here.
    if (strstr(text, MARK) == NULL)
        return;
    g_test_message("GET %s: %u %.400s", target, status, text);
    g_test_fail();
}

static void test_lists_show_nothing_hidden(Walk *walk, gconstpointer data) {
    (void)data;
    EACH_ROUTE(route) {
        if (strcmp(route->method, "GET") != 0 || route->permission == PERMISSION_LOCAL)
            continue;
        g_autofree char *target = target_of(route->pattern, NULL, NULL);
        shows_no_mark(walk, target);
    }
    for (const char *const *query = queries; *query != NULL; query++)
        shows_no_mark(walk, *query);
}

// Whoever sees everything does see what bears the mark: the test above can fail.
static void test_what_is_hidden_from_one_shows_to_another(Walk *walk, gconstpointer data) {
    (void)data;
    const Principal principal = principal_of(12, ROLE_SUPERVISOR);
    static const char *const targets[] = {"/api/v1/conversations?view=all",
                                          "/api/v1/channels",
                                          "/api/v1/teams",
                                          "/api/v1/customers",
                                          "/api/v1/conversations/2",
                                          "/api/v1/messages/22"};
    for (gsize at = 0; at < G_N_ELEMENTS(targets); at++) {
        g_autofree char *text = NULL;
        g_assert_cmpuint(ask(walk, "GET", targets[at], NULL, &principal, &text), ==, 200);
        g_assert_nonnull(strstr(text, MARK));
    }
}

// Ids of hidden rows in bodies.
static const struct {
    const char *method;
    const char *target;
    const char *body;
} bodies[] = {
    {"POST", "/api/v1/conversations/1/merge", "{\"from\": \"2\"}"},
    {"POST", "/api/v1/conversations/1/unmerge", "{\"from\": \"3\"}"},
    {"POST", "/api/v1/conversations/1/unsplit", "{\"to\": \"2\"}"},
    {"POST", "/api/v1/conversations/1/move", "{\"channel_id\": \"102\"}"},
    {"PATCH", "/api/v1/conversations/1", "{\"team_id\": \"2\"}"},
    {"POST", "/api/v1/customers/51/merge", "{\"from\": \"52\"}"},
    {"POST", "/api/v1/customers/51/unmerge", "{\"from\": \"52\"}"},
    {"POST", "/api/v1/conversations/1/links", "{\"conversation_id\": \"2\"}"},
    {"POST", "/api/v1/conversations/ops", "{\"ids\": [\"1\"], \"change\": {\"team_id\": \"2\"}}"},
    {"POST", "/api/v1/conversations/ops",
     "{\"view\": \"82\", \"query\": \"\", \"change\": {\"status\": \"resolved\"}}"},
    {"POST", "/api/v1/macros",
     "{\"name\": \"n\", \"owner\": \"team\", \"team_id\": \"2\", \"actions\": [{\"action\": "
     "\"assign_me\"}]}"},
    {"POST", "/api/v1/canned-replies",
     "{\"name\": \"n\", \"owner\": \"team\", \"team_id\": \"2\", \"texts\": [{\"text\": "
     "\"t\"}]}"},
    {"POST", "/api/v1/retention-rules",
     "{\"name\": \"n\", \"what\": \"texts\", \"days\": 1, \"channel_id\": \"102\"}"},
};

static void test_hidden_ids_in_bodies_are_not_there(Walk *walk, gconstpointer data) {
    (void)data;
    const Principal principal = restricted();
    for (gsize at = 0; at < G_N_ELEMENTS(bodies); at++) {
        g_autofree char *text = NULL;
        unsigned status =
            ask(walk, bodies[at].method, bodies[at].target, bodies[at].body, &principal, &text);
        if (status != 404) {
            g_test_message("%s %s %s: %u %.200s", bodies[at].method, bodies[at].target,
                           bodies[at].body, status, text);
            g_test_fail();
        }
    }
}

// What acts on all conversations, or shows them, is for whom nothing is hidden.
static void test_what_reaches_everything_is_for_who_sees_it(Walk *walk, gconstpointer data) {
    (void)data;
    const Principal principal = restricted();
    static const struct {
        const char *method;
        const char *target;
        const char *body;
    } steps[] = {
        {"GET", "/api/v1/export", NULL},
        {"GET", "/api/v1/customers/51/personal-data", NULL},
        {"POST", "/api/v1/webhooks", "{}"},
        {"POST", "/api/v1/rules", "{}"},
        {"PUT", "/api/v1/rules/97", "{}"},
        {"DELETE", "/api/v1/rules/97", NULL},
        {"PUT", "/api/v1/rules/order", "{\"rules\": [\"97\"]}"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(steps); at++) {
        g_autofree char *text = NULL;
        g_test_message("%s %s", steps[at].method, steps[at].target);
        g_assert_cmpuint(
            ask(walk, steps[at].method, steps[at].target, steps[at].body, &principal, &text), ==,
            403);
        g_assert_nonnull(strstr(text, "see_everything_missing"));
    }
}

static void test_a_merge_preview_counts_what_is_seen(Walk *walk, gconstpointer data) {
    (void)data;
    const Principal agent = restricted(), supervisor = principal_of(12, ROLE_SUPERVISOR);
    static const char target[] = "/api/v1/customers/54/merge-preview?from=51";
    g_autofree char *seen = NULL;
    g_autofree char *all = NULL;
    g_assert_cmpuint(ask(walk, "GET", target, NULL, &agent, &seen), ==, 200);
    g_assert_cmpuint(ask(walk, "GET", target, NULL, &supervisor, &all), ==, 200);
    g_assert_nonnull(strstr(seen, "\"conversation_count\":1,"));
    g_assert_nonnull(strstr(all, "\"conversation_count\":2,"));
}

static void test_a_call_begins_on_no_hidden_channel(Walk *walk, gconstpointer data) {
    (void)data;
    const Principal agent = restricted(), supervisor = principal_of(12, ROLE_SUPERVISOR);
    static const char body[] =
        "{\"customer_id\": \"51\", \"direction\": \"in\", \"outcome\": \"answered\"}";
    g_autofree char *refused = NULL;
    g_autofree char *made = NULL;
    ask(walk, "POST", "/api/v1/calls", body, &agent, &refused);
    g_assert_nonnull(strstr(refused, "channel_needed"));
    g_assert_cmpuint(ask(walk, "POST", "/api/v1/calls", body, &supervisor, &made), ==, 201);
}

static void test_nobody_grants_more_than_it_has(Walk *walk, gconstpointer data) {
    (void)data;
    Principal manager = restricted();
    manager.permissions =
        PERMISSION_BIT(PERMISSION_AGENT_MANAGE) | PERMISSION_BIT(PERMISSION_CONVERSATION_READ);
    static const struct {
        const char *method;
        const char *target;
        const char *body;
    } steps[] = {
        {"POST", "/api/v1/agents",
         "{\"email\": \"n@x.example\", \"name\": \"N\", \"role\": \"administrator\"}"},
        {"PATCH", "/api/v1/agents/11", "{\"role\": \"administrator\"}"},
        {"PATCH", "/api/v1/agents/13", "{\"disabled\": true}"},
        {"POST", "/api/v1/tokens", "{\"name\": \"n\", \"agent_id\": \"13\"}"},
        {"DELETE", "/api/v1/tokens/2", NULL},
        {"POST", "/api/v1/roles", "{\"name\": \"n\", \"permissions\": [\"see_everything\"]}"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(steps); at++) {
        g_autofree char *text = NULL;
        g_assert_cmpuint(
            ask(walk, steps[at].method, steps[at].target, steps[at].body, &manager, &text), ==,
            403);
        g_assert_nonnull(strstr(text, "role_beyond_yours"));
    }
}

#define TEST(name, function) g_test_add("/walk/" name, Walk, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("T01: each role may what its permissions say",
         test_each_role_may_what_its_permissions_say);
    TEST("T01: hidden objects are not there", test_hidden_objects_are_not_there);
    TEST("T05: lists show nothing hidden", test_lists_show_nothing_hidden);
    TEST("T05: what is hidden from one shows to another",
         test_what_is_hidden_from_one_shows_to_another);
    TEST("T01: hidden ids in bodies are not there", test_hidden_ids_in_bodies_are_not_there);
    TEST("T05: what reaches everything is for who sees it",
         test_what_reaches_everything_is_for_who_sees_it);
    TEST("T05: a merge preview counts what is seen", test_a_merge_preview_counts_what_is_seen);
    TEST("T05: a call begins on no hidden channel", test_a_call_begins_on_no_hidden_channel);
    TEST("T01: nobody grants more than it has", test_nobody_grants_more_than_it_has);
    return g_test_run();
}
