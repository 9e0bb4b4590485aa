// Due times in the store: kept in step with the events, said once, and the same when rebuilt.
#include "desk/record.h"
#include "desk/sla_notice.h"
#include "desk/sla_policy_change.h"
#include "desk/sla_projection.h"
#include "fixture_waits.h"
#include "store/sla_due.h"

#define HOUR G_GINT64_CONSTANT(3600000)
#define MINUTE G_GINT64_CONSTANT(60000)

// Adds a policy that holds from the instant on.
static Id add_policy(Db *db, const char *name, const char *targets, const char *tag,
                     const char *time) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SlaVersion) values = sla_version_new();
    json_t *json = json_loads(targets, 0, NULL);
    sla_version_read_targets(values, json, &error);
    json_decref(json);
    g_assert_no_error(error);
    const char *const tags[] = {tag, NULL};
    SlaPolicyChange change = {.name = name,
                              .values = values,
                              .sets_targets = TRUE,
                              .sets_conditions = tag != NULL,
                              .tags = tags};
    Id id = id_next();
    clock_fix(at(time));
    sla_policy_change_add(db, id, &change, ACTOR_AGENT, ALICE, &error);
    g_assert_no_error(error);
    return id;
}

static void change_targets(Db *db, Id id, const char *targets, const char *time) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SlaVersion) values = sla_version_new();
    json_t *json = json_loads(targets, 0, NULL);
    sla_version_read_targets(values, json, &error);
    json_decref(json);
    SlaPolicyChange change = {.values = values, .sets_targets = TRUE};
    clock_fix(at(time));
    sla_policy_change(db, id, &change, ACTOR_AGENT, ALICE, &error);
    g_assert_no_error(error);
}

#define ELAPSED(target, ms)                                                                        \
    "{\"" target "\": {\"default\": {\"ms\": " #ms ", \"time\": \"elapsed\"}}}"

static void text_is(Db *db, const char *sql, const char *expected) {
    g_autofree char *text = fixture_text(db, sql);
    g_assert_cmpstr(text, ==, expected);
}

static void due_is(Db *db, const char *time) {
    g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT, at(time));
    text_is(db, "SELECT sla_due_at FROM conversation WHERE id = 1", expected);
}

static void rebuild_is_the_same(Db *db) {
    g_autofree char *kept = fixture_dump(db);
    fixture_rebuild(db);
    g_autofree char *rebuilt = fixture_dump(db);
    g_assert_cmpstr(kept, ==, rebuilt);
}

static void test_a_wait_is_due_while_it_is_open(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    add_policy(fixture.db, "all", ELAPSED("first_response", 3600000), NULL, "08:00");
    fixture_in(log, "10:00", 1);
    fixture_record(fixture.db, log->events->pdata[0]);
    due_is(fixture.db, "11:00");
    text_is(fixture.db, "SELECT sla_target FROM conversation WHERE id = 1", "first_response");
    fixture_reply(log, "10:30", 2);
    fixture_record(fixture.db, log->events->pdata[1]);
    text_is(fixture.db, "SELECT sla_due_at FROM conversation WHERE id = 1", NULL);
    text_is(fixture.db, "SELECT (breach_at IS NULL) || (ended_at IS NOT NULL) FROM sla_due", "11");
    rebuild_is_the_same(fixture.db);
}

static void test_an_episode_is_due_until_it_is_resolved_for_good(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    add_policy(fixture.db, "all", ELAPSED("resolution", 7200000), NULL, "08:00");
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:10", 2);
    fixture_status(log, "10:20", "open", "resolved");
    fixture_record_all(fixture.db, log);
    text_is(fixture.db, "SELECT sla_due_at FROM conversation WHERE id = 1", NULL);
    fixture_status(log, "10:30", "resolved", "open");
    fixture_record(fixture.db, log->events->pdata[3]);
    due_is(fixture.db, "12:00");
    fixture_status(log, "12:00:01", "open", "resolved");
    fixture_record(fixture.db, log->events->pdata[4]);
    g_autofree char *breach = g_strdup_printf("%" G_GINT64_FORMAT, at("12:00"));
    text_is(fixture.db, "SELECT breach_at FROM sla_due WHERE target = 'resolution'", breach);
    rebuild_is_the_same(fixture.db);
}

static void test_a_new_policy_and_a_changed_one_apply_to_what_goes_on(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_record_all(fixture.db, log);
    Id id = add_policy(fixture.db, "all", ELAPSED("first_response", 36000000), NULL, "10:10");
    due_is(fixture.db, "20:00");
    change_targets(fixture.db, id, ELAPSED("first_response", 3600000), "10:20");
    due_is(fixture.db, "11:00");
    rebuild_is_the_same(fixture.db);
    g_autoptr(GError) error = NULL;
    clock_fix(at("10:30"));
    sla_policy_change_remove(fixture.db, id, ACTOR_AGENT, ALICE, &error);
    g_assert_no_error(error);
    text_is(fixture.db, "SELECT sla_due_at FROM conversation WHERE id = 1", NULL);
    rebuild_is_the_same(fixture.db);
}

static void test_a_change_reaches_many_conversations_in_batches(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GError) error = NULL;
    for (Id id = 1000; id < 1500; id++) {
        db_run(fixture.db,
               "INSERT INTO conversation (id, channel_id, customer_id, created_at, last_message_at)"
               " VALUES ($1, 101, 1, 0, 0)",
               DB_VALUES(DB_ID(id)), &error);
        g_assert_no_error(error);
        log->conversation_id = id;
        fixture_in(log, "10:00", id);
    }
    fixture_record_all(fixture.db, log);
    add_policy(fixture.db, "all", ELAPSED("first_response", 3600000), NULL, "10:10");
    text_is(fixture.db, "SELECT count(*) FROM sla_due", "200");
    // One that ends before its turn is judged as it ends.
    log->conversation_id = 1499;
    fixture_reply(log, "11:30", 9999);
    fixture_record(fixture.db, log->events->pdata[500]);
    text_is(fixture.db, "SELECT count(*) FROM sla_due WHERE breach_at IS NOT NULL AND ended_at > 0",
            "1");
    sla_projection_go_on(fixture.db, 250, &error);
    text_is(fixture.db, "SELECT count(*) FROM sla_pending", "50");
    sla_projection_go_on(fixture.db, 250, &error);
    g_assert_no_error(error);
    text_is(fixture.db, "SELECT count(*) FROM sla_due", "500");
    rebuild_is_the_same(fixture.db);
}

static gint64 count(Db *db, const char *type) {
    gint64 value = 0;
    gboolean found;
    db_query_int(db, "SELECT count(*) FROM event WHERE type = $1", DB_VALUES(DB_TEXT(type)), &value,
                 &found, NULL);
    return value;
}

static void notice(Db *db, const char *time) {
    g_autoptr(GError) error = NULL;
    clock_fix(at(time));
    sla_notice_record(db, clock_now(), 100, &error);
    g_assert_no_error(error);
}

static void test_risk_and_breach_are_said_once_also_after_a_stop(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    add_policy(fixture.db, "all", ELAPSED("first_response", 3600000), NULL, "08:00");
    fixture_in(log, "10:00", 1);
    fixture_record_all(fixture.db, log);
    notice(fixture.db, "10:47:59");
    g_assert_cmpint(count(fixture.db, "sla_warned"), ==, 0);
    notice(fixture.db, "10:48");
    notice(fixture.db, "10:49");
    g_assert_cmpint(count(fixture.db, "sla_warned"), ==, 1);
    g_assert_cmpint(count(fixture.db, "sla_breached"), ==, 0);
    // Stopped over the due time and the late answer: it was missed all the same.
    fixture_reply(log, "11:30", 2);
    fixture_record(fixture.db, log->events->pdata[1]);
    notice(fixture.db, "13:00");
    notice(fixture.db, "13:01");
    g_assert_cmpint(count(fixture.db, "sla_breached"), ==, 1);
    g_autofree char *due = g_strdup_printf("%" G_GINT64_FORMAT, at("11:00"));
    text_is(fixture.db, "SELECT occurred_at FROM event WHERE type = 'sla_breached'", due);
    // Nothing is said again of a target, whatever becomes of it.
    fixture_add(log, EVENT_PRIORITISED, "13:02", ACTOR_AGENT, ALICE, 0,
                json_pack("{s:i, s:i}", "from", 0, "to", 2));
    fixture_record(fixture.db, log->events->pdata[2]);
    notice(fixture.db, "13:03");
    g_assert_cmpint(count(fixture.db, "sla_breached") + count(fixture.db, "sla_warned"), ==, 2);
    rebuild_is_the_same(fixture.db);
}

static void test_other_hours_move_what_is_due(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GError) error = NULL;
    add_policy(fixture.db, "all",
               "{\"first_response\": {\"default\": {\"ms\": 3600000, \"time\": \"business\"}}}",
               NULL, "2026-11-16T08:00:00");
    fixture_in(log, "2026-11-20T15:30:00", 1);
    fixture_record_all(fixture.db, log);
    due_is(fixture.db, "2026-11-23T08:30:00");
    json_t *hours = json_loads("{\"week\": {\"fri\": [[\"08:00\", \"18:00\"]]}}", 0, NULL);
    g_autoptr(CalendarVersion) longer = calendar_version_new(
        2, fixture_instant("2026-11-16T00:00:00"), "Europe/Helsinki", hours, &error);
    json_decref(hours);
    calendar_add_version(fixture.db, 1, longer, &error);
    g_assert_no_error(error);
    log->conversation_id = 0;
    fixture_record(fixture.db,
                   fixture_add(log, EVENT_CALENDAR_CHANGED, "12:00", ACTOR_AGENT, ALICE, 0,
                               json_pack("{s:i, s:i}", "calendar", 1, "version", 2)));
    due_is(fixture.db, "2026-11-20T16:30:00");
    rebuild_is_the_same(fixture.db);
}

// One random event of conversations 1 to 4; mostly what due times depend on.
static void add_random(FixtureLog *log, GRand *random, guint turn) {
    g_autofree char *time = g_strdup_printf("%02u:%02u:%02d", 8 + turn / 15, turn % 15 * 4,
                                            g_rand_int_range(random, 0, 60));
    guint kind = (guint)g_rand_int_range(random, 0, 9);
    Id agent = g_rand_int_range(random, 0, 2) == 0 ? ALICE : BOB;
    log->conversation_id = g_rand_int_range(random, 1, 5);
    log->channel_id = g_rand_int_range(random, 0, 2) == 0 ? SUPPORT : SALES;
    if (kind < 3)
        fixture_in(log, time, 100 + turn);
    else if (kind == 3)
        fixture_reply(log, time, 100 + turn);
    else if (kind == 4)
        fixture_status(log, time, "open", "resolved");
    else if (kind == 5)
        fixture_assigned(log, time, agent, turn % 2 == 0 ? TEAM : 0);
    else if (kind == 6)
        fixture_add(log, EVENT_PRIORITISED, time, ACTOR_AGENT, ALICE, 0,
                    json_pack("{s:i, s:i}", "from", 0, "to", g_rand_int_range(random, -1, 3)));
    else if (kind == 7)
        fixture_add(log, EVENT_TAGGED, time, ACTOR_AGENT, ALICE, 0,
                    json_pack("{s:i, s:b}", "tag", 7, "added", turn % 3 != 0));
    else if (g_rand_int_range(random, 0, 3) == 0)
        fixture_linked(log, turn % 2 == 0 ? EVENT_MERGED : EVENT_JOINED, time, "from",
                       g_rand_int_range(random, 1, 5));
    else
        fixture_status(log, time, "resolved", "open");
}

static void check_history(guint32 seed) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    GRand *random = g_rand_new_with_seed(seed);
    fixture_sql(fixture.db, "INSERT INTO tag (id, name) VALUES (7, 'vip')");
    Id id =
        add_policy(fixture.db, "all",
                   "{\"first_response\": {\"default\": {\"ms\": 3600000, \"time\": \"business\"},"
                   " \"urgent\": {\"ms\": 600000, \"time\": \"elapsed\"}}, \"resolution\":"
                   " {\"default\": {\"ms\": 5400000, \"time\": \"elapsed\"}}}",
                   NULL, "07:00");
    add_policy(fixture.db, "vip", ELAPSED("next_response", 300000), "vip", "07:30");
    for (guint turn = 0; turn < 90; turn++) {
        add_random(log, random, turn);
        const Event *event = log->events->pdata[turn];
        fixture_record(fixture.db, log->events->pdata[turn]);
        g_autofree char *time = g_strdup_printf("%02u:%02u:59", 8 + turn / 15, turn % 15 * 4);
        if (turn % 20 == 19)
            change_targets(fixture.db, id,
                           turn == 39 ? ELAPSED("first_response", 900000)
                                      : ELAPSED("resolution", 3600000),
                           time);
        if (turn % 7 == 6)
            notice(fixture.db, time);
        g_assert_cmpint(event->seq, !=, 0);
        if (turn % 10 != 9)
            continue;
        g_test_message("seed %u, %u events", seed, turn + 1);
        rebuild_is_the_same(fixture.db);
    }
    g_rand_free(random);
}

static void test_what_is_kept_is_what_a_rebuild_makes(void) {
    guint32 seed = (guint32)g_test_rand_int();
    for (guint32 turn = 0; turn < 15; turn++)
        check_history(seed + turn);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sla/a-wait-is-due-while-it-is-open", test_a_wait_is_due_while_it_is_open);
    g_test_add_func("/sla/an-episode-is-due-until-it-is-resolved-for-good",
                    test_an_episode_is_due_until_it_is_resolved_for_good);
    g_test_add_func("/sla/a-new-policy-and-a-changed-one-apply-to-what-goes-on",
                    test_a_new_policy_and_a_changed_one_apply_to_what_goes_on);
    g_test_add_func("/sla/a-change-reaches-many-conversations-in-batches",
                    test_a_change_reaches_many_conversations_in_batches);
    g_test_add_func("/sla/risk-and-breach-are-said-once-also-after-a-stop",
                    test_risk_and_breach_are_said_once_also_after_a_stop);
    g_test_add_func("/sla/other-hours-move-what-is-due", test_other_hours_move_what_is_due);
    g_test_add_func("/sla/what-is-kept-is-what-a-rebuild-makes",
                    test_what_is_kept_is_what_a_rebuild_makes);
    return g_test_run();
}
