// The tables of waits: what stands in them after each event is what a rebuild makes of all events,
// byte for byte.
#include "fixture_waits.h"

static const EventType linking[] = {EVENT_MERGED, EVENT_UNMERGED, EVENT_JOINED, EVENT_SPLIT,
                                    EVENT_UNSPLIT};

// How one random history is made.
typedef struct {
    GRand *random;
    FixtureLog *log;
    gint64 seconds; // since 08:00, of the latest event
    guint linking_percent;
    guint late_percent;
    guint received; // messages 1 .. received, of conversation_of
    Id conversation_of[100];
} History;

static gboolean chance(History *history, guint percent) {
    return (guint)g_rand_int_range(history->random, 0, 100) < percent;
}

static Id pick(History *history, Id low, Id high) {
    return low + g_rand_int_range(history->random, 0, (gint32)(high - low + 1));
}

static Event *add(History *history, EventType type, Actor actor, Id message_id, json_t *data) {
    return fixture_add(history->log, type, "08:00", actor, actor == ACTOR_AGENT ? ALICE : 0,
                       message_id, data);
}

static json_t *instant_json(const History *history, gint64 seconds_before) {
    return json_integer(at("08:00") + (history->seconds - seconds_before) * 1000);
}

static Event *add_received(History *history) {
    history->conversation_of[++history->received] = history->log->conversation_id;
    return add(history, EVENT_MESSAGE_RECEIVED, ACTOR_CUSTOMER, history->received,
               json_pack("{s:o, s:b}", "received_at",
                         instant_json(history, chance(history, 20) ? -600 : 0), "automatic",
                         chance(history, 10)));
}

static Event *add_also(History *history) {
    Id message_id = pick(history, 1, MAX(1, history->received));
    history->log->conversation_id = history->conversation_of[message_id];
    return add(history, EVENT_ALSO_DELIVERED, ACTOR_SYSTEM, history->received == 0 ? 0 : message_id,
               NULL);
}

static Event *add_message(History *history) {
    Id message_id = pick(history, 101, 130);
    static const Actor actors[] = {ACTOR_AGENT, ACTOR_AGENT, ACTOR_AGENT, ACTOR_BOT, ACTOR_SURVEY};
    Actor actor = actors[pick(history, 0, 4)];
    switch (pick(history, 0, 6)) {
    case 0:
    case 1:
    case 2:
        return add_received(history);
    case 3:
        return add(history, EVENT_REPLY_WRITTEN, actor, message_id, NULL);
    case 4:
        return add(history, EVENT_REPLY_FAILED, ACTOR_SYSTEM, message_id, NULL);
    case 5:
        return add_also(history);
    default:
        return add(
            history, EVENT_MESSAGE_SENT, actor, message_id,
            json_pack("{s:o}", "written_at", instant_json(history, chance(history, 30) ? 400 : 0)));
    }
}

static Event *add_status(History *history) {
    static const char *const statuses[] = {"open", "resolved", "resolved", "pending", "snoozed"};
    const char *from = statuses[pick(history, 0, 4)], *to = statuses[pick(history, 0, 4)];
    return add(history, EVENT_STATUS_CHANGED, chance(history, 80) ? ACTOR_AGENT : ACTOR_CUSTOMER, 0,
               json_pack("{s:s, s:s}", "from", from, "to", to));
}

static Event *add_other(History *history) {
    static const EventType types[] = {EVENT_SNOOZED, EVENT_UNSNOOZED, EVENT_NO_REPLY_NEEDED,
                                      EVENT_TAGGED,  EVENT_ASSIGNED,  EVENT_PRIORITISED};
    return add(history, types[pick(history, 0, 5)], ACTOR_AGENT, 0,
               json_pack("{s:I, s:n}", "to", (json_int_t)pick(history, 0, 2), "team_to"));
}

static Event *add_linking(History *history) {
    json_t *data =
        json_pack("{s:I, s:I, s:[I,I,I]}", "from", (json_int_t)pick(history, 1, 4), "to",
                  (json_int_t)pick(history, 5, 7), "messages", (json_int_t)pick(history, 1, 40),
                  (json_int_t)pick(history, 1, 40), (json_int_t)pick(history, 101, 130));
    return add(history, linking[pick(history, 0, 4)], ACTOR_AGENT, 0, data);
}

static void add_event(History *history) {
    history->seconds += pick(history, 0, 300);
    history->log->conversation_id = pick(history, 1, 4);
    history->log->channel_id = chance(history, 70) ? SUPPORT : SALES;
    Event *event = chance(history, history->linking_percent) ? add_linking(history)
                   : chance(history, 70)                     ? add_message(history)
                   : chance(history, 50)                     ? add_status(history)
                                                             : add_other(history);
    gint64 before = chance(history, history->late_percent) ? pick(history, 0, 3600) : 0;
    event->occurred_at = at("08:00") + MAX(0, history->seconds - before) * 1000;
}

// Policies that have due times stand on everything that a history changes.
static void add_policies(Db *db) {
    fixture_sql(db, "INSERT INTO sla_policy (id, name, created_at) VALUES (1, 'all', 0),"
                    " (2, 'tagged', 0)");
    fixture_sql(db,
                "INSERT INTO sla_policy_version (id, policy_id, valid_from, is_active, position,"
                " warning_permille, targets, conditions) VALUES (11, 1, 0, 1, 0, 800,"
                " '{\"first_response\": {\"default\": {\"ms\": 900000, \"time\": \"business\"}},"
                " \"resolution\": {\"default\": {\"ms\": 2400000, \"time\": \"elapsed\"}}}', '{}'),"
                " (22, 2, 0, 1, 0, 800,"
                " '{\"next_response\": {\"default\": {\"ms\": 300000, \"time\": \"elapsed\"}}}',"
                " '{\"tags\": [0]}')");
}

static void check_history(guint32 seed, guint linking_percent, guint late_percent) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    add_policies(fixture.db);
    History history = {.random = g_rand_new_with_seed(seed),
                       .log = log,
                       .linking_percent = linking_percent,
                       .late_percent = late_percent};
    for (guint turn = 0; turn < 80; turn++) {
        add_event(&history);
        fixture_record(fixture.db, g_ptr_array_index(log->events, turn));
        if (turn % 10 != 9)
            continue;
        g_autofree char *kept = fixture_dump(fixture.db);
        fixture_rebuild(fixture.db);
        g_autofree char *rebuilt = fixture_dump(fixture.db);
        if (strcmp(kept, rebuilt) != 0)
            g_test_message("seed %u differs after %u events", seed, turn + 1);
        g_assert_cmpstr(kept, ==, rebuilt);
    }
    g_autofree char *due = fixture_text(fixture.db, "SELECT count(*) FROM sla_due");
    g_assert_cmpstr(due, !=, "0");
    g_rand_free(history.random);
}

static void test_what_is_kept_is_what_a_rebuild_makes(void) {
    guint32 seed = (guint32)g_test_rand_int();
    for (guint32 turn = 0; turn < 15; turn++)
        check_history(seed + turn, 0, 5);
}

static void test_so_it_is_whatever_the_order_of_arrival(void) {
    guint32 seed = (guint32)g_test_rand_int();
    for (guint32 turn = 0; turn < 10; turn++)
        check_history(seed + turn, 0, 50);
}

static void test_so_it_is_with_merges_splits_and_joins(void) {
    guint32 seed = (guint32)g_test_rand_int();
    for (guint32 turn = 0; turn < 15; turn++)
        check_history(seed + turn, 12, 20);
}

// The waits alone: without the ids, which follow the order of the log.
static void test_the_order_of_arrival_changes_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_fetched(log, "10:05", "10:30", 2);
    fixture_written(log, "10:20", 3);
    fixture_sent(log, "10:21", "10:20", ACTOR_AGENT, ALICE, 3);
    fixture_reply(log, "10:40", 4);
    fixture_status(log, "10:50", "open", "resolved");
    g_autofree char *first = NULL;
    for (guint turn = 0; turn < 50; turn++) {
        g_auto(FixtureDb) fixture = fixture_db_new();
        g_autoptr(GPtrArray) order = g_ptr_array_copy(log->events, NULL, NULL);
        for (guint left = order->len; left > 1; left--) {
            guint other = (guint)g_test_rand_int_range(0, (gint32)left);
            gpointer swap = order->pdata[left - 1];
            order->pdata[left - 1] = order->pdata[other];
            order->pdata[other] = swap;
        }
        for (guint index = 0; index < order->len; index++)
            fixture_record(fixture.db, order->pdata[index]);
        g_ptr_array_set_free_func(order, NULL);
        char *dump = fixture_dump(fixture.db);
        if (first == NULL)
            first = g_strdup(dump);
        g_assert_cmpstr(dump, ==, first);
        g_free(dump);
    }
}

static void text_is(Db *db, const char *sql, const char *expected) {
    g_autofree char *text = fixture_text(db, sql);
    g_assert_cmpstr(text, ==, expected);
}

static void test_a_wait_has_elapsed_and_business_time(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "2026-11-20T15:30:00", 1);
    fixture_reply(log, "08:30", 2);
    fixture_record_all(fixture.db, log);
    text_is(fixture.db, "SELECT elapsed_ms || ' ' || business_ms || ' ' || state FROM wait",
            "234000000 3600000 answered");
}

static void test_without_a_calendar_business_time_is_absent(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    log->channel_id = SALES;
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:05", 2);
    fixture_record_all(fixture.db, log);
    text_is(fixture.db, "SELECT elapsed_ms || ' ' || (business_ms IS NULL) FROM wait", "300000 1");
}

static void test_the_list_knows_since_when_it_waits(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    static const char since[] = "SELECT waiting_since FROM conversation WHERE id = 1";
    fixture_in(log, "10:00", 1);
    fixture_in(log, "10:10", 2);
    fixture_record_all(fixture.db, log);
    g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT, at("10:00"));
    text_is(fixture.db, since, expected);
    fixture_reply(log, "10:20", 3);
    fixture_record(fixture.db, g_ptr_array_index(log->events, 2));
    text_is(fixture.db, since, NULL);
}

static void test_another_version_of_the_hours_is_measured_with(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GError) error = NULL;
    fixture_in(log, "2026-11-20T15:30:00", 1);
    fixture_reply(log, "08:30", 2);
    fixture_status(log, "09:30", "open", "resolved");
    json_t *hours = json_loads("{\"week\": {\"fri\": [[\"08:00\", \"18:00\"]]}}", 0, NULL);
    g_autoptr(CalendarVersion) longer = calendar_version_new(
        2, fixture_instant("2026-11-16T00:00:00"), "Europe/Helsinki", hours, &error);
    json_decref(hours);
    fixture_record_all(fixture.db, log);
    calendar_add_version(fixture.db, 1, longer, &error);
    log->conversation_id = 0;
    fixture_record(fixture.db,
                   fixture_add(log, EVENT_CALENDAR_CHANGED, "12:00", ACTOR_AGENT, ALICE, 0,
                               json_pack("{s:i, s:i}", "calendar", 1, "version", 2)));
    text_is(fixture.db, "SELECT business_ms || ' ' || calendar_version_id FROM wait", "9000000 2");
    text_is(fixture.db, "SELECT last_resolution_business_ms FROM episode", "9000000");
    g_autofree char *kept = fixture_dump(fixture.db);
    fixture_rebuild(fixture.db);
    g_autofree char *rebuilt = fixture_dump(fixture.db);
    g_assert_cmpstr(kept, ==, rebuilt);
}

static void test_a_later_beginning_of_waits_empties_the_figures(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_record_all(fixture.db, log);
    text_is(fixture.db, "SELECT count(*) FROM wait", "1");
    fixture_sql(fixture.db, "UPDATE channel SET waits_from = 9000000000000 WHERE id = 101");
    log->conversation_id = 0;
    fixture_record(fixture.db, fixture_add(log, EVENT_CHANNEL_CHANGED, "12:00", ACTOR_AGENT, ALICE,
                                           0, json_pack("{s:i, s:b}", "channel", 101, "waits", 1)));
    text_is(fixture.db, "SELECT count(*) FROM wait", "0");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wait-projection/what-is-kept-is-what-a-rebuild-makes",
                    test_what_is_kept_is_what_a_rebuild_makes);
    g_test_add_func("/wait-projection/so-it-is-whatever-the-order-of-arrival",
                    test_so_it_is_whatever_the_order_of_arrival);
    g_test_add_func("/wait-projection/so-it-is-with-merges-splits-and-joins",
                    test_so_it_is_with_merges_splits_and_joins);
    g_test_add_func("/wait-projection/the-order-of-arrival-changes-nothing",
                    test_the_order_of_arrival_changes_nothing);
    g_test_add_func("/wait-projection/1-a-wait-has-elapsed-and-business-time",
                    test_a_wait_has_elapsed_and_business_time);
    g_test_add_func("/wait-projection/26-without-a-calendar-business-time-is-absent",
                    test_without_a_calendar_business_time_is_absent);
    g_test_add_func("/wait-projection/the-list-knows-since-when-it-waits",
                    test_the_list_knows_since_when_it_waits);
    g_test_add_func("/wait-projection/another-version-of-the-hours-is-measured-with",
                    test_another_version_of_the_hours_is_measured_with);
    g_test_add_func("/wait-projection/a-later-beginning-of-waits-empties-the-figures",
                    test_a_later_beginning_of_waits_empties_the_figures);
    return g_test_run();
}
