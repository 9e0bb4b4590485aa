// Calls that are written down by hand, in the fold of waits (metrics.md "Waits" 6;
// doc/decisions/0089).
#include "fixture_events.h"

static Id called(FixtureLog *log, const char *time, Id message_id) {
    return fixture_add(log, EVENT_MESSAGE_SENT, time, ACTOR_AGENT, ALICE, message_id,
                       json_pack("{s:b}", "phone", 1))
        ->id;
}

static Id rang(FixtureLog *log, const char *time, gboolean is_answered, Id message_id) {
    return fixture_add(log, EVENT_MESSAGE_RECEIVED, time, ACTOR_CUSTOMER, 0, message_id,
                       json_pack("{s:I, s:b, s:b}", "received_at", (json_int_t)at(time),
                                 "automatic", 0, "answered", is_answered))
        ->id;
}

static void revoked(FixtureLog *log, const char *time, Id event, Id message_id) {
    fixture_add(log, EVENT_CALL_REVOKED, time, ACTOR_AGENT, ALICE, message_id,
                json_pack("{s:I}", "event", (json_int_t)event));
}

static void test_calling_the_customer_answers_the_wait(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    called(log, "10:45", 2);
    fixture_waits_are(log, "first answered 45 @1001");
}

static void test_a_missed_call_waits_from_when_it_rang(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    rang(log, "10:00", FALSE, 1);
    fixture_waits_are(log, "first open @1001");
    called(log, "10:20", 2);
    fixture_waits_are(log, "first answered 20 @1001");
}

static void test_a_call_that_was_taken_owes_nothing_and_answers_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    rang(log, "10:00", TRUE, 1);
    fixture_waits_are(log, "");
    fixture_in(log, "11:00", 2);
    rang(log, "11:30", TRUE, 3);
    fixture_reply(log, "12:00", 4);
    fixture_waits_are(log, "first answered 60 @1002");
}

static void test_a_revoked_call_answers_nothing_any_longer(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    Id call = called(log, "10:45", 2);
    revoked(log, "11:00", call, 2);
    fixture_waits_are(log, "first open @1001");
    called(log, "10:30", 2);
    fixture_waits_are(log, "first answered 30 @1001");
}

static void test_a_revoked_missed_call_opens_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id call = rang(log, "10:00", FALSE, 1);
    revoked(log, "11:00", call, 1);
    fixture_waits_are(log, "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wait-calls/calling-the-customer-answers-the-wait",
                    test_calling_the_customer_answers_the_wait);
    g_test_add_func("/wait-calls/a-missed-call-waits-from-when-it-rang",
                    test_a_missed_call_waits_from_when_it_rang);
    g_test_add_func("/wait-calls/a-call-that-was-taken-owes-nothing-and-answers-nothing",
                    test_a_call_that_was_taken_owes_nothing_and_answers_nothing);
    g_test_add_func("/wait-calls/a-revoked-call-answers-nothing-any-longer",
                    test_a_revoked_call_answers_nothing_any_longer);
    g_test_add_func("/wait-calls/a-revoked-missed-call-opens-nothing",
                    test_a_revoked_missed_call_opens_nothing);
    return g_test_run();
}
