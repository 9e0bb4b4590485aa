// The rows of metrics.md's table that are about waits, through the fold of events.
#include "fixture_events.h"

static const Wait *wait_of(const WaitFold *fold, Id id) {
    const Wait *wait = wait_fold_find(fold, id);
    g_assert_nonnull(wait);
    return wait;
}

static const Episode *episode_of(const WaitFold *fold, guint lane, guint index) {
    const WaitLane *one = g_ptr_array_index(fold->lanes, lane);
    g_assert_cmpuint(one->episode_list->len, >, index);
    return g_ptr_array_index(one->episode_list, index);
}

static void test_several_messages_are_one_wait(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id first = fixture_in(log, "10:00", 1);
    fixture_in(log, "10:20", 2);
    fixture_in(log, "10:40", 3);
    fixture_reply(log, "11:00", 4);
    fixture_waits_are(log, "first answered 60 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, first)->message_count, ==, 3);
    g_assert_cmpint(wait_of(fold, first)->answering_message_id, ==, 4);
}

static void test_snoozed_time_stands_beside_the_wait(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    fixture_add(log, EVENT_SNOOZED, "10:01", ACTOR_AGENT, ALICE, 0, NULL);
    fixture_add(log, EVENT_UNSNOOZED, "12:00", ACTOR_SYSTEM, 0, 0, NULL);
    fixture_reply(log, "12:01", 2);
    fixture_waits_are(log, "first answered 121 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, id)->snoozed_ms, ==, 119 * ZONE_MINUTE_MS);
}

static void test_a_bot_ends_no_wait_and_has_its_own_column(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    fixture_sent(log, "10:00:05", "10:00:05", ACTOR_BOT, 0, 2);
    fixture_sent(log, "10:00:09", "10:00:09", ACTOR_BOT, 0, 3);
    fixture_sent(log, "10:01", "10:01", ACTOR_SURVEY, 0, 4);
    fixture_reply(log, "10:30", 5);
    fixture_waits_are(log, "first answered 30 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, id)->automatic_ms[AUTOMATIC_BOT], ==, 5000);
    g_assert_cmpint(wait_of(fold, id)->automatic_ms[AUTOMATIC_SURVEY], ==, 60000);
    g_assert_cmpint(wait_of(fold, id)->automatic_ms[AUTOMATIC_RULE], ==, DURATION_NONE);
}

static void test_resolving_dismisses(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_status(log, "11:00", "open", "resolved");
    fixture_waits_are(log, "first dismissed 60 @1001");
}

static void test_a_message_after_resolution_begins_the_next_episode(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_status(log, "11:00", "open", "resolved");
    Id second = fixture_in(log, "12:00", 2);
    fixture_reply(log, "12:05", 3);
    fixture_waits_are(log, "first dismissed 60 @1001, first answered 5 @1003");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    const Episode *episode = episode_of(fold, 0, 1);
    g_assert_cmpint(episode->number, ==, 2);
    g_assert_cmpint(episode->first_response_ms, ==, 5 * ZONE_MINUTE_MS);
    g_assert_cmpint(episode_of(fold, 0, 0)->first_response_ms, ==, DURATION_NONE);
    g_assert_true(wait_of(fold, 1001)->is_first_ever);
    g_assert_false(wait_of(fold, second)->is_first_ever);
}

static void test_a_conversation_that_we_began_has_no_first_response(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_reply(log, "09:00", 1);
    fixture_in(log, "10:00", 2);
    fixture_reply(log, "10:10", 3);
    fixture_waits_are(log, "next answered 10 @1002");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_true(episode_of(fold, 0, 0)->is_ours);
    g_assert_cmpint(episode_of(fold, 0, 0)->started_at, ==, at("09:00"));
    g_assert_cmpint(episode_of(fold, 0, 0)->first_response_ms, ==, DURATION_NONE);
}

static void test_a_reply_counts_when_the_channel_accepts_it(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    fixture_written(log, "10:05", 2);
    fixture_waits_are(log, "first open @1001");
    fixture_sent(log, "10:45", "10:05", ACTOR_AGENT, ALICE, 2);
    fixture_waits_are(log, "first answered 45 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, id)->delivery_lag_ms, ==, 40 * ZONE_MINUTE_MS);
}

static void test_a_reply_that_failed_has_answered_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_written(log, "10:05", 2);
    fixture_failed(log, "10:50", 2);
    fixture_waits_are(log, "first open @1001");
}

static void test_an_automatic_mail_opens_and_reopens_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:10", 2);
    fixture_status(log, "10:11", "open", "resolved");
    fixture_add(log, EVENT_MESSAGE_RECEIVED, "10:30", ACTOR_CUSTOMER, 0, 3,
                json_pack("{s:I, s:b}", "received_at", (json_int_t)at("10:30"), "automatic", 1));
    fixture_waits_are(log, "first answered 10 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(episode_of(fold, 0, 0)->open_since, ==, INSTANT_NONE);
    g_assert_cmpint(((WaitLane *)fold->lanes->pdata[0])->episodes, ==, 1);
}

static void test_a_late_fetch_counts_from_the_arrival(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_fetched(log, "09:10", "11:00", 1);
    fixture_reply(log, "11:05", 2);
    fixture_waits_are(log, "first answered 115 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, id)->fetch_lag_ms, ==, 110 * ZONE_MINUTE_MS);
}

static void test_seconds_are_never_rounded(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    fixture_reply(log, "2026-11-23T10:59:59.999", 2);
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(wait_of(fold, id)->ended_at - wait_of(fold, id)->started_at, ==, 3599999);
}

static void test_one_mail_to_two_channels_is_one_wait_in_both(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    log->channel_id = SALES;
    // The other copy may have reached its mailbox earlier.
    fixture_add(log, EVENT_ALSO_DELIVERED, "09:59", ACTOR_CUSTOMER, 0, 1, NULL);
    log->channel_id = SUPPORT;
    fixture_reply(log, "10:05", 2);
    fixture_waits_are(log, "first answered 5 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    const Wait *wait = wait_of(fold, id);
    g_assert_cmpint(wait->channel_id, ==, SUPPORT);
    g_assert_cmpint(wait->answering_channel_id, ==, SUPPORT);
    g_assert_cmpuint(wait->channels->len, ==, 1);
    g_assert_cmpint(g_array_index(wait->channels, Id, 0), ==, SALES);
}

static void test_credit_goes_to_the_writer(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    Id id = fixture_in(log, "10:00", 1);
    fixture_assigned(log, "10:01", BOB, TEAM);
    fixture_reply(log, "10:05", 2);
    g_autoptr(WaitFold) fold = fixture_fold(log);
    const Wait *wait = wait_of(fold, id);
    g_assert_cmpint(wait->answered_by, ==, ALICE);
    g_assert_cmpint(wait->assignee_at_start, ==, 0);
    g_assert_cmpint(wait->assignee_at_end, ==, BOB);
    g_assert_cmpint(wait->team_at_end, ==, TEAM);
}

static void test_a_reply_answers_only_what_had_been_received(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_fetched(log, "10:05", "10:30", 2);
    fixture_sent(log, "10:21", "10:20", ACTOR_AGENT, ALICE, 3);
    fixture_reply(log, "10:40", 4);
    fixture_waits_are(log, "first answered 21 @1001, next answered 35 @1002");
}

static void test_a_reply_may_answer_the_later_message_only(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_fetched(log, "10:00", "10:30", 1);
    fixture_in(log, "10:05", 2);
    fixture_sent(log, "10:21", "10:20", ACTOR_AGENT, ALICE, 3);
    fixture_waits_are(log, "first open @1001, next answered 16 @1002");
}

static void test_resolving_while_a_reply_is_held_dismisses_nothing(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_written(log, "10:10", 2);
    fixture_status(log, "10:10:05", "open", "resolved");
    fixture_waits_are(log, "first open @1001");
    fixture_sent(log, "10:10:12", "10:10", ACTOR_AGENT, ALICE, 2);
    fixture_waits_are(log, "first answered 10:12 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(episode_of(fold, 0, 0)->last_resolved.at, ==, at("10:10:05"));
    g_assert_cmpint(episode_of(fold, 0, 0)->first_response_ms, ==, 612000);
}

static void test_a_refusal_after_that_dismisses_at_the_resolution(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_written(log, "10:10", 2);
    fixture_add(log, EVENT_REPLY_UNKNOWN, "10:10:02", ACTOR_SYSTEM, 0, 2, NULL);
    fixture_status(log, "10:10:05", "open", "resolved");
    fixture_in(log, "10:20", 3);
    fixture_failed(log, "10:30", 2);
    fixture_waits_are(log, "first dismissed 10:05 @1001, first open @1005");
}

static void test_opening_again_before_the_reply_settles_keeps_the_wait(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_written(log, "10:10", 2);
    fixture_status(log, "10:10:05", "open", "resolved");
    fixture_status(log, "10:10:06", "resolved", "open");
    fixture_failed(log, "10:10:07", 2);
    fixture_waits_are(log, "first open @1001");
    fixture_reply(log, "10:30", 3);
    fixture_waits_are(log, "first answered 30 @1001");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(episode_of(fold, 0, 0)->first_resolved_at, ==, INSTANT_NONE);
    g_assert_cmpint(episode_of(fold, 0, 0)->open_since, ==, at("10:00"));
    g_assert_cmpint(episode_of(fold, 0, 0)->reopens, ==, 0);
}

static void test_nobody_dismisses_what_had_not_been_received(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:05", 2);
    fixture_fetched(log, "10:10", "10:40", 3);
    fixture_status(log, "10:20", "open", "resolved");
    fixture_waits_are(log, "first answered 5 @1001, first open @1003");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpint(episode_of(fold, 0, 0)->last_resolved.at, ==, at("10:20"));
    g_assert_cmpint(episode_of(fold, 0, 1)->started_at, ==, at("10:10"));
}

static void test_no_reply_needed_dismisses_within_the_episode(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_add(log, EVENT_NO_REPLY_NEEDED, "10:03", ACTOR_AGENT, ALICE, 0, NULL);
    fixture_in(log, "10:10", 2);
    fixture_reply(log, "10:12", 3);
    fixture_waits_are(log, "first dismissed 3 @1001, next answered 2 @1003");
}

static void test_notes_and_forwards_are_no_replies_and_a_call_is_one(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_add(log, EVENT_NOTE_ADDED, "10:01", ACTOR_AGENT, ALICE, 2, NULL);
    fixture_add(log, EVENT_MESSAGE_SENT, "10:02", ACTOR_AGENT, ALICE, 3,
                json_pack("{s:b}", "forward", 1));
    fixture_waits_are(log, "first open @1001");
    fixture_add(log, EVENT_MESSAGE_SENT, "10:04", ACTOR_AGENT, BOB, 4,
                json_pack("{s:b}", "phone", 1));
    fixture_waits_are(log, "first answered 4 @1001");
}

static void test_old_mail_fills_the_archive_not_the_figures(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "08:00", 1);
    fixture_in(log, "10:00", 2);
    WaitChannel channel = {SUPPORT, at("09:00")};
    WaitRules rules = {&channel, 1};
    g_autoptr(WaitFold) fold = wait_fold_new(log->events, &rules);
    g_autofree char *waits = fixture_waits(fold);
    g_assert_cmpstr(waits, ==, "first open @1002");
}

static void test_resolution_has_three_figures_and_the_reopens(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:05", 2);
    fixture_status(log, "10:30", "open", "resolved");
    fixture_status(log, "11:00", "resolved", "open");
    fixture_status(log, "11:20", "open", "resolved");
    g_autoptr(WaitFold) fold = fixture_fold(log);
    const Episode *episode = episode_of(fold, 0, 0);
    g_assert_cmpint(episode->first_resolved_at, ==, at("10:30"));
    g_assert_cmpint(episode->last_resolved.at, ==, at("11:20"));
    g_assert_cmpint(episode_open_ms(episode), ==, 50 * ZONE_MINUTE_MS);
    g_assert_cmpint(episode->reopens, ==, 1);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wait-fold/4-several-messages-are-one-wait",
                    test_several_messages_are_one_wait);
    g_test_add_func("/wait-fold/5-snoozed-time-stands-beside-the-wait",
                    test_snoozed_time_stands_beside_the_wait);
    g_test_add_func("/wait-fold/6-a-bot-ends-no-wait-and-has-its-own-column",
                    test_a_bot_ends_no_wait_and_has_its_own_column);
    g_test_add_func("/wait-fold/7-resolving-dismisses", test_resolving_dismisses);
    g_test_add_func("/wait-fold/8-a-message-after-resolution-begins-the-next-episode",
                    test_a_message_after_resolution_begins_the_next_episode);
    g_test_add_func("/wait-fold/9-a-conversation-that-we-began-has-no-first-response",
                    test_a_conversation_that_we_began_has_no_first_response);
    g_test_add_func("/wait-fold/10-a-reply-counts-when-the-channel-accepts-it",
                    test_a_reply_counts_when_the_channel_accepts_it);
    g_test_add_func("/wait-fold/11-a-reply-that-failed-has-answered-nothing",
                    test_a_reply_that_failed_has_answered_nothing);
    g_test_add_func("/wait-fold/12-an-automatic-mail-opens-and-reopens-nothing",
                    test_an_automatic_mail_opens_and_reopens_nothing);
    g_test_add_func("/wait-fold/13-a-late-fetch-counts-from-the-arrival",
                    test_a_late_fetch_counts_from_the_arrival);
    g_test_add_func("/wait-fold/24-seconds-are-never-rounded", test_seconds_are_never_rounded);
    g_test_add_func("/wait-fold/23-one-mail-to-two-channels-is-one-wait-in-both",
                    test_one_mail_to_two_channels_is_one_wait_in_both);
    g_test_add_func("/wait-fold/25-credit-goes-to-the-writer", test_credit_goes_to_the_writer);
    g_test_add_func("/wait-fold/27-a-reply-answers-only-what-had-been-received",
                    test_a_reply_answers_only_what_had_been_received);
    g_test_add_func("/wait-fold/27-a-reply-may-answer-the-later-message-only",
                    test_a_reply_may_answer_the_later_message_only);
    g_test_add_func("/wait-fold/28-resolving-while-a-reply-is-held-dismisses-nothing",
                    test_resolving_while_a_reply_is_held_dismisses_nothing);
    g_test_add_func("/wait-fold/28-a-refusal-after-that-dismisses-at-the-resolution",
                    test_a_refusal_after_that_dismisses_at_the_resolution);
    g_test_add_func("/wait-fold/28-opening-again-before-the-reply-settles-keeps-the-wait",
                    test_opening_again_before_the_reply_settles_keeps_the_wait);
    g_test_add_func("/wait-fold/nobody-dismisses-what-had-not-been-received",
                    test_nobody_dismisses_what_had_not_been_received);
    g_test_add_func("/wait-fold/no-reply-needed-dismisses-within-the-episode",
                    test_no_reply_needed_dismisses_within_the_episode);
    g_test_add_func("/wait-fold/notes-and-forwards-are-no-replies-and-a-call-is-one",
                    test_notes_and_forwards_are_no_replies_and_a_call_is_one);
    g_test_add_func("/wait-fold/old-mail-fills-the-archive-not-the-figures",
                    test_old_mail_fills_the_archive_not_the_figures);
    g_test_add_func("/wait-fold/resolution-has-three-figures-and-the-reopens",
                    test_resolution_has_three_figures_and_the_reopens);
    return g_test_run();
}
