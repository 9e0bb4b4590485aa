// Counts of views: whatever changes, they equal what a COUNT says; measured with "-m perf".
#include <string.h>

#include "desk/conversation_change.h"
#include "desk/conversation_merge.h"
#include "desk/view_counter.h"
#include "store/conversation_list.h"
#include "tests/store/fixture.h"

#define CONVERSATIONS 300

typedef struct {
    Fixture fixture;
    ViewCounter *counter;
    GRand *random;
} House;

static const char *const lines[] = {
    "",
    "is:open",
    "is:open agent:me",
    "is:open is:unassigned",
    "is:waiting",
    "is:snoozed",
    "is:resolved",
    "tag:vip OR tag:late",
    "is:unread",
    "is:open is:unread",
    "-tag:vip team:mine",
    "priority:high is:open",
    "channel:bot",
    "word -other",
    "is:open created:>1h",
    "no:operator",
    "mentions:me",
    "has:draft",
    "field:order=A",
};
static const Id agents[] = {0, 11, 12};

static const char *const population[] = {
    "INSERT INTO agent (id, email, name, role, created_at) VALUES"
    " (11, 'anna@example.org', 'Anna', 'agent', 0), (12, 'bo@example.org', 'Bo', 'agent', 0)",
    "INSERT INTO team (id, name, created_at) VALUES (21, 'Billing', 0)",
    "INSERT INTO agent_team (agent_id, team_id) VALUES (11, 21)",
    "INSERT INTO hidden_channel (agent_id, channel_id) VALUES (12, 2)", NULL};

static void set_up(House *house, gconstpointer data) {
    fixture_set_up(&house->fixture, data);
    fixture_channel_add(&house->fixture, 2, "telegram", "Bot");
    for (gsize at = 0; population[at] != NULL; at++)
        fixture_run(&house->fixture, population[at], DB_NO_VALUES);
    for (Id id = 1; id <= CONVERSATIONS; id++)
        fixture_conversation_add(&house->fixture, 1000 + id, 1 + id % 2, clock_now());
    house->random = g_rand_new_with_seed(7);
    house->counter = view_counter_new(house->fixture.store, NULL, 10000);
}

static void tear_down(House *house, gconstpointer data) {
    view_counter_free(house->counter);
    g_rand_free(house->random);
    fixture_tear_down(&house->fixture, data);
}

static gint64 right_count(House *house, const char *line, Id agent_id) {
    g_autoptr(SearchQuery) query = search_query_parse(line, NULL);
    const SearchQuery *const queries[] = {query, NULL};
    ConversationList list = {.queries = queries, .me = agent_id, .viewer = agent_id};
    gint64 count = -1;
    list.now = clock_now();
    Db *db = store_reader_take(house->fixture.store, NULL);
    g_assert_true(conversation_list_count(db, &list, 100000, &count, NULL));
    store_reader_give(house->fixture.store, db);
    return count;
}

static void counts_are_right(House *house, gint64 most) {
    for (gsize agent = 0; agent < G_N_ELEMENTS(agents); agent++)
        for (gsize at = 0; at < G_N_ELEMENTS(lines); at++) {
            gint64 count;
            gboolean is_exact;
            g_assert_true(view_counter_count(house->counter, lines[at], agents[agent], &count,
                                             &is_exact, NULL));
            gint64 right = right_count(house, lines[at], agents[agent]);
            if (is_exact && count != right)
                g_test_message("%s for %" G_GINT64_FORMAT, lines[at], agents[agent]);
            if (is_exact)
                g_assert_cmpint(count, ==, right);
            else
                g_assert_cmpint(count, ==, most);
            g_assert_true(is_exact || right > most / 2);
        }
}

static Id any(House *house) {
    return 1000 + g_rand_int_range(house->random, 1, CONVERSATIONS + 1);
}

static gboolean change_one(Db *db, gpointer data, GError **error) {
    House *house = data;
    static const char *const statuses[] = {"open", "pending", "snoozed", "resolved"};
    static const char *const tags[] = {"VIP", "late", "other"};
    const char *names[] = {tags[g_rand_int_range(house->random, 0, 3)], NULL};
    ConversationChange change = {0};
    switch (g_rand_int_range(house->random, 0, 7)) {
    case 0:
    case 1:
        change.status = statuses[g_rand_int_range(house->random, 0, 4)];
        change.snoozed_until = clock_now() + 1000000;
        break;
    case 2:
        change.sets_assignee = TRUE;
        change.assignee_id = g_rand_int_range(house->random, 0, 3);
        change.assignee_id += change.assignee_id > 0 ? 10 : 0;
        break;
    case 3:
        change.add_tags = names;
        break;
    case 4:
        change.remove_tags = names;
        break;
    case 5:
        change.sets_team = TRUE;
        change.team_id = g_rand_boolean(house->random) ? 21 : 0;
        break;
    default:
        change.sets_priority = TRUE;
        change.priority = g_rand_int_range(house->random, -1, 3);
    }
    return conversation_change(db, any(house), &change, 11, error);
}

static gboolean merge_two(Db *db, gpointer data, GError **error) {
    House *house = data;
    Id into = any(house);
    Id from = any(house);
    g_autoptr(GError) refused = NULL;
    (void)error;
    if (db_savepoint(db, NULL) && !conversation_merge(db, into, from, 11, &refused))
        db_savepoint_undo(db);
    else
        db_savepoint_release(db, NULL);
    return TRUE;
}

static void change_some(House *house, int count) {
    for (int at = 0; at < count; at++) {
        g_autoptr(GError) error = NULL;
        writer_run(store_writer(house->fixture.store), at % 40 == 39 ? merge_two : change_one,
                   house, &error);
        g_assert_no_error(error);
    }
}

static void read_one(House *house) {
    Id id = any(house);
    fixture_run(&house->fixture, "UPDATE conversation SET last_inbound_id = 50 WHERE id = $1",
                DB_VALUES(DB_INT(id)));
    fixture_run(&house->fixture,
                "INSERT INTO conversation_read (agent_id, conversation_id, read_id) VALUES (11, $1,"
                " 40) ON CONFLICT (agent_id, conversation_id) DO UPDATE SET read_id = 60",
                DB_VALUES(DB_INT(id)));
    view_counter_touch(house->counter, id);
}

static void follow(House *house) {
    g_autoptr(GError) error = NULL;
    g_assert_true(view_counter_follow(house->counter, &error));
    g_assert_no_error(error);
}

static void counts_equal_what_is_there_whatever_changes(House *house, gconstpointer data) {
    (void)data;
    counts_are_right(house, 10000);
    for (int round = 0; round < 12; round++) {
        change_some(house, 60);
        read_one(house);
        follow(house);
        counts_are_right(house, 10000);
    }
}

static void counts_are_right_after_a_restart(House *house, gconstpointer data) {
    (void)data;
    change_some(house, 80);
    view_counter_free(house->counter);
    house->counter = view_counter_new(house->fixture.store, NULL, 10000);
    counts_are_right(house, 10000);
    change_some(house, 80);
    follow(house);
    counts_are_right(house, 10000);
}

static void what_is_more_than_counted_is_said_to_be(House *house, gconstpointer data) {
    (void)data;
    view_counter_free(house->counter);
    house->counter = view_counter_new(house->fixture.store, NULL, 100);
    for (int round = 0; round < 4; round++) {
        counts_are_right(house, 100);
        change_some(house, 60);
        follow(house);
    }
}

static void T05_what_is_hidden_is_not_counted(House *house, gconstpointer data) {
    (void)data;
    gint64 all, some;
    gboolean is_exact;
    g_assert_true(view_counter_count(house->counter, "", 11, &all, &is_exact, NULL));
    g_assert_true(view_counter_count(house->counter, "channel:bot", 12, &some, &is_exact, NULL));
    g_assert_cmpint(all, ==, CONVERSATIONS);
    g_assert_cmpint(some, ==, 0);
    fixture_run(&house->fixture, "DELETE FROM hidden_channel", DB_NO_VALUES);
    g_assert_true(view_counter_count(house->counter, "channel:bot", 12, &some, &is_exact, NULL));
    g_assert_cmpint(some, ==, CONVERSATIONS / 2);
}

// A tag that comes to be, a channel that gets another name: what was looked up is looked up anew.
static void names_that_change_are_noticed(House *house, gconstpointer data) {
    (void)data;
    gint64 count;
    gboolean is_exact;
    g_assert_true(view_counter_count(house->counter, "channel:desk", 11, &count, &is_exact, NULL));
    g_assert_cmpint(count, ==, 0);
    fixture_run(&house->fixture, "UPDATE channel SET name = 'Desk' WHERE id = 2", DB_NO_VALUES);
    for (int waited = 0; count == 0 && waited < 100; waited++) {
        g_usleep(100000);
        g_assert_true(
            view_counter_count(house->counter, "channel:desk", 11, &count, &is_exact, NULL));
    }
    g_assert_cmpint(count, ==, CONVERSATIONS / 2);
}

// 200 agents look at the built-in views; 100 conversations change.
static void a_hundred_changes_cost_little(House *house, gconstpointer data) {
    (void)data;
    static const char *const views[] = {
        "is:open",    "is:open agent:me", "is:open is:unassigned", "is:waiting",
        "is:pending", "is:snoozed",       "is:resolved",           ""};
    gint64 count;
    gboolean is_exact;
    for (Id agent = 1; agent <= 200; agent++)
        for (gsize at = 0; at < G_N_ELEMENTS(views); at++)
            g_assert_true(
                view_counter_count(house->counter, views[at], agent, &count, &is_exact, NULL));
    follow(house);
    change_some(house, 100);
    gint64 start = g_get_monotonic_time();
    follow(house);
    double milliseconds = (double)(g_get_monotonic_time() - start) / 1000;
    g_test_message("100 changes, 200 agents, 8 views: %.1f ms", milliseconds);
    g_assert_cmpfloat(milliseconds, <, 1000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add("/view-counter/" #test, House, NULL, set_up, test, tear_down)
    ADD(counts_equal_what_is_there_whatever_changes);
    ADD(counts_are_right_after_a_restart);
    ADD(what_is_more_than_counted_is_said_to_be);
    ADD(T05_what_is_hidden_is_not_counted);
    ADD(names_that_change_are_noticed);
    ADD(a_hundred_changes_cost_little);
    return g_test_run();
}
