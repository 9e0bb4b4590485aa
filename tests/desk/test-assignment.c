// Conversations that find their people by themselves.
#include "desk/assignment.h"

#include <string.h>

#include "desk/availability_change.h"
#include "desk/conversation_change.h"
#include "desk_fixture.h"

#define MINUTE G_GINT64_CONSTANT(60000)
#define TEAM 301
#define ANNA 11
#define BEN 12
#define CARL 13

static Instant now(void) {
    return instant_parse("2026-11-23T08:00:00.000Z", NULL);
}

static gboolean run_sql(Db *db, gpointer sql, GError **error) {
    return db_run(db, sql, DB_NO_VALUES, error);
}

static void sql(DeskFixture *fixture, const char *statement) {
    desk_fixture_write(fixture, run_sql, (gpointer)(guintptr)statement);
}

static void add_agent(DeskFixture *fixture, int id, const char *name) {
    g_autofree char *agent = g_strdup_printf("INSERT INTO agent (id, email, name, role, created_at)"
                                             " VALUES (%d, '%s@x.fi', '%s', 'agent', 0)",
                                             id, name, name);
    g_autofree char *member =
        g_strdup_printf("INSERT INTO agent_team (agent_id, team_id) VALUES (%d, %d)", id, TEAM);
    sql(fixture, agent);
    sql(fixture, member);
}

// A channel whose conversations belong to a team of Anna, Ben and Carl.
static DeskFixture *desk_new(const char *mode) {
    clock_fix(now());
    DeskFixture *fixture = desk_fixture_new();
    g_autofree char *team = g_strdup_printf(
        "INSERT INTO team (id, name, created_at, assignment_mode) VALUES (%d, 'team', 0, '%s')",
        TEAM, mode);
    sql(fixture, team);
    add_agent(fixture, ANNA, "anna");
    add_agent(fixture, BEN, "ben");
    add_agent(fixture, CARL, "carl");
    desk_fixture_add_channel(fixture, "email", "support", "support@x.fi", 0);
    sql(fixture, "UPDATE channel SET team_id = 301");
    channel_directory_free(fixture->channels);
    inbound_free(fixture->inbound);
    fixture->channels = channel_directory_new(fixture->store, NULL);
    fixture->inbound = inbound_new(store_key(fixture->store), fixture->channels);
    return fixture;
}

static void desk_end(DeskFixture *fixture) {
    desk_fixture_free(fixture);
    clock_fix(INSTANT_NONE);
}

// The nth customer writes for the first time, or again.
static Id arrives(DeskFixture *fixture, guint number, gboolean again) {
    Id channel = desk_fixture_int(fixture, "SELECT id FROM channel");
    g_autofree char *from = g_strdup_printf("customer%u@y.fi", number);
    g_autofree char *id =
        g_strdup_printf("%u-%d-%" G_GINT64_FORMAT "@y.fi", number, again, clock_now());
    g_autofree char *first = g_strdup_printf("first-%u@y.fi", number);
    Incoming *incoming =
        desk_fixture_mail(from, "support@x.fi", again ? id : first, "Lasku", "Moi");
    if (again) {
        g_strfreev(incoming->mail->references);
        incoming->mail->references = g_new0(char *, 2);
        incoming->mail->references[0] = g_strdup(first);
    }
    incoming->occurred_at = clock_now();
    Delivery *delivery = desk_fixture_delivery(fixture, channel, incoming, clock_now());
    desk_fixture_store(fixture, delivery);
    Id conversation = delivery->conversation_id;
    delivery_free(delivery);
    return conversation;
}

static gint64 number_of(DeskFixture *fixture, const char *format, gint64 value) {
    g_autofree char *query = g_strdup_printf("%s %" G_GINT64_FORMAT, format, value);
    return desk_fixture_int(fixture, query);
}

static Id assignee(DeskFixture *fixture, Id conversation) {
    return number_of(fixture,
                     "SELECT coalesce(assignee_id, 0) FROM conversation WHERE id =", conversation);
}

static gint64 count_of(DeskFixture *fixture, Id agent) {
    return number_of(fixture, "SELECT count(*) FROM conversation WHERE assignee_id =", agent);
}

typedef struct {
    Id id;
    AvailabilityState state;
    Instant until;
} Step;

static gboolean run_availability(Db *db, gpointer data, GError **error) {
    const Step *step = data;
    AvailabilityChange change = {
        .agent_id = step->id, .sets_state = TRUE, .state = step->state, .until = step->until};
    return availability_change(db, &change, ACTOR_AGENT, step->id, error);
}

static void set_state(DeskFixture *fixture, Id agent, AvailabilityState state) {
    Step step = {agent, state, INSTANT_NONE};
    desk_fixture_write(fixture, run_availability, &step);
}

static gboolean run_distribute(Db *db, gpointer data, GError **error) {
    (void)data;
    return assignment_distribute(db, 50, error);
}

static gboolean run_take_back(Db *db, gpointer data, GError **error) {
    (void)data;
    return assignment_take_back(db, clock_now(), 50, error);
}

static void test_two_hundred_arrivals_are_spread_evenly(void) {
    DeskFixture *fixture = desk_new("round_robin");
    add_agent(fixture, 14, "dora");
    for (guint number = 0; number < 200; number++)
        g_assert_cmpint(arrives(fixture, number, FALSE), !=, 0);
    for (Id agent = ANNA; agent <= 14; agent++)
        g_assert_cmpint(count_of(fixture, agent), ==, 50);
    // Each with one event that says why.
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM event WHERE type = 'assigned'"
                                              " AND actor = 'system'"
                                              " AND data LIKE '%round_robin%'"),
                    ==, 200);
    desk_end(fixture);
}

static void test_a_conversation_belongs_to_its_channels_team_and_has_its_person_at_once(void) {
    DeskFixture *fixture = desk_new("least_loaded");
    Id conversation = arrives(fixture, 1, FALSE);
    g_assert_cmpint(assignee(fixture, conversation), ==, ANNA);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT team_id FROM conversation"), ==, TEAM);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT team_at_start FROM wait"), ==, TEAM);
    g_autofree char *why =
        desk_fixture_text(fixture, "SELECT data FROM event WHERE type = 'assigned'"
                                   " ORDER BY seq DESC LIMIT 1");
    g_assert_nonnull(
        strstr(why, "\"why\":{\"mode\":\"least_loaded\",\"cause\":\"begun\",\"open\":0}"));
    desk_end(fixture);
}

static void test_nobody_away_full_disabled_or_not_allowed_gets_a_conversation(void) {
    DeskFixture *fixture = desk_new("round_robin");
    add_agent(fixture, 14, "dora");
    add_agent(fixture, 15, "emil");
    set_state(fixture, ANNA, AVAILABILITY_AWAY);
    sql(fixture, "UPDATE agent SET disabled_at = 1 WHERE id = 12");
    sql(fixture, "UPDATE agent SET capacity = 3 WHERE id = 13");
    sql(fixture, "INSERT INTO hidden_channel (agent_id, channel_id) SELECT 14, id FROM channel");
    sql(fixture, "INSERT INTO hidden_team (agent_id, team_id) VALUES (15, 301)");
    for (guint number = 0; number < 20; number++)
        arrives(fixture, number, FALSE);
    g_assert_cmpint(count_of(fixture, CARL), ==, 3);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM conversation"
                                              " WHERE assignee_id IS NOT NULL"),
                    ==, 3);
    desk_end(fixture);
}

static void test_the_longest_waiting_go_first_to_who_becomes_available(void) {
    DeskFixture *fixture = desk_new("round_robin");
    set_state(fixture, ANNA, AVAILABILITY_AWAY);
    set_state(fixture, BEN, AVAILABILITY_BUSY);
    set_state(fixture, CARL, AVAILABILITY_OFFLINE);
    sql(fixture, "UPDATE agent SET capacity = 2 WHERE id = 12");
    Id conversations[3];
    for (guint at = 0; at < 3; at++) {
        clock_fix(now() + at * MINUTE);
        conversations[at] = arrives(fixture, at, FALSE);
        g_assert_cmpint(assignee(fixture, conversations[at]), ==, 0);
    }
    set_state(fixture, BEN, AVAILABILITY_AVAILABLE);
    g_assert_cmpint(assignee(fixture, conversations[0]), ==, BEN);
    g_assert_cmpint(assignee(fixture, conversations[1]), ==, BEN);
    g_assert_cmpint(assignee(fixture, conversations[2]), ==, 0);
    // The end of an absence is found by the agenda.
    Step step = {ANNA, AVAILABILITY_AWAY, now() + 10 * MINUTE};
    desk_fixture_write(fixture, run_availability, &step);
    desk_fixture_write(fixture, run_distribute, NULL);
    g_assert_cmpint(assignee(fixture, conversations[2]), ==, 0);
    clock_fix(now() + 10 * MINUTE);
    desk_fixture_write(fixture, run_distribute, NULL);
    g_assert_cmpint(assignee(fixture, conversations[2]), ==, ANNA);
    desk_end(fixture);
}

typedef struct {
    Id id;
    ConversationChange change;
} ChangeJob;

static gboolean run_change(Db *db, gpointer data, GError **error) {
    const ChangeJob *job = data;
    return conversation_change(db, job->id, &job->change, BEN, error);
}

static void test_a_reopened_conversation_leaves_an_absent_assignee(void) {
    DeskFixture *fixture = desk_new("round_robin");
    Id conversation = arrives(fixture, 1, FALSE);
    g_assert_cmpint(assignee(fixture, conversation), ==, ANNA);
    ChangeJob resolve = {conversation, {.status = "resolved"}};
    desk_fixture_write(fixture, run_change, &resolve);
    set_state(fixture, ANNA, AVAILABILITY_AWAY);
    clock_fix(now() + MINUTE);
    g_assert_cmpint(arrives(fixture, 1, TRUE), ==, conversation);
    g_assert_cmpint(assignee(fixture, conversation), ==, BEN);
    desk_end(fixture);
}

static void test_a_move_to_a_team_finds_somebody_there_and_by_hand_stays_by_hand(void) {
    DeskFixture *fixture = desk_new("none");
    Id conversation = arrives(fixture, 1, FALSE);
    g_assert_cmpint(assignee(fixture, conversation), ==, 0);
    sql(fixture, "INSERT INTO team (id, name, created_at, assignment_mode)"
                 " VALUES (302, 'second', 0, 'least_loaded')");
    sql(fixture, "INSERT INTO agent_team (agent_id, team_id) VALUES (13, 302)");
    ChangeJob move = {conversation, {.sets_team = TRUE, .team_id = 302}};
    desk_fixture_write(fixture, run_change, &move);
    g_assert_cmpint(assignee(fixture, conversation), ==, CARL);
    ChangeJob nobody = {conversation, {.sets_assignee = TRUE, .assignee_id = 0}};
    desk_fixture_write(fixture, run_change, &nobody);
    g_assert_cmpint(assignee(fixture, conversation), ==, 0);
    desk_end(fixture);
}

static void test_what_waits_for_somebody_absent_too_long_goes_to_others(void) {
    DeskFixture *fixture = desk_new("round_robin");
    Id waiting = arrives(fixture, 1, FALSE);
    Id resolved = arrives(fixture, 2, FALSE);
    sql(fixture, "UPDATE conversation SET assignee_id = 11");
    ChangeJob resolve = {resolved, {.status = "resolved"}};
    desk_fixture_write(fixture, run_change, &resolve);
    set_state(fixture, ANNA, AVAILABILITY_AWAY);
    // Off unless the team says so.
    clock_fix(now() + 100 * MINUTE);
    desk_fixture_write(fixture, run_take_back, NULL);
    g_assert_cmpint(assignee(fixture, waiting), ==, ANNA);
    sql(fixture, "UPDATE team SET reassign_after_minutes = 30");
    clock_fix(now() + 30 * MINUTE - 1);
    desk_fixture_write(fixture, run_take_back, NULL);
    g_assert_cmpint(assignee(fixture, waiting), ==, ANNA);
    clock_fix(now() + 30 * MINUTE);
    desk_fixture_write(fixture, run_take_back, NULL);
    g_assert_cmpint(assignee(fixture, waiting), ==, CARL);
    g_assert_cmpint(assignee(fixture, resolved), ==, ANNA);
    desk_end(fixture);
}

static void test_a_disabled_agent_loses_what_waits_at_once_also_where_nobody_is_free(void) {
    DeskFixture *fixture = desk_new("round_robin");
    Id waiting = arrives(fixture, 1, FALSE);
    set_state(fixture, BEN, AVAILABILITY_AWAY);
    set_state(fixture, CARL, AVAILABILITY_AWAY);
    sql(fixture, "UPDATE agent SET disabled_at = 1 WHERE id = 11");
    desk_fixture_write(fixture, run_take_back, NULL);
    g_assert_cmpint(assignee(fixture, waiting), ==, 0);
    set_state(fixture, CARL, AVAILABILITY_AVAILABLE);
    g_assert_cmpint(assignee(fixture, waiting), ==, CARL);
    desk_end(fixture);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assignment/two-hundred-arrivals-are-spread-evenly",
                    test_two_hundred_arrivals_are_spread_evenly);
    g_test_add_func("/assignment/a-conversation-belongs-to-its-channels-team-and-has-its-person",
                    test_a_conversation_belongs_to_its_channels_team_and_has_its_person_at_once);
    g_test_add_func("/assignment/nobody-away-full-disabled-or-not-allowed-gets-a-conversation",
                    test_nobody_away_full_disabled_or_not_allowed_gets_a_conversation);
    g_test_add_func("/assignment/the-longest-waiting-go-first-to-who-becomes-available",
                    test_the_longest_waiting_go_first_to_who_becomes_available);
    g_test_add_func("/assignment/a-reopened-conversation-leaves-an-absent-assignee",
                    test_a_reopened_conversation_leaves_an_absent_assignee);
    g_test_add_func("/assignment/a-move-to-a-team-finds-somebody-and-by-hand-stays-by-hand",
                    test_a_move_to_a_team_finds_somebody_there_and_by_hand_stays_by_hand);
    g_test_add_func("/assignment/what-waits-for-somebody-absent-too-long-goes-to-others",
                    test_what_waits_for_somebody_absent_too_long_goes_to_others);
    g_test_add_func("/assignment/a-disabled-agent-loses-what-waits-at-once",
                    test_a_disabled_agent_loses_what_waits_at_once_also_where_nobody_is_free);
    return g_test_run();
}
