// Conversations that are joined, merged, split, and all of it undone (metrics.md "Waits").
#include "fixture_events.h"

// Conversation 1 waits from 10:00, 2 from 10:05 and has an answered wait before.
static FixtureLog *two_conversations(void) {
    FixtureLog *log = fixture_log_new();
    fixture_in(log, "10:00", 1); // 1001
    log->conversation_id = 2;
    fixture_in(log, "09:00", 2); // 1002
    fixture_reply(log, "09:30", 3);
    fixture_in(log, "10:05", 4); // 1004
    log->conversation_id = 1;
    return log;
}

static void test_a_late_parent_makes_one_conversation_from_the_beginning(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    fixture_linked(log, EVENT_JOINED, "11:00", "from", 2);
    fixture_reply(log, "11:10", 5);
    fixture_waits_are(log, "first answered 30 @1002, next answered 70 @1001");
}

static void test_a_merge_joins_the_open_waits_and_keeps_the_ended(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 2);
    fixture_waits_are(log, "first answered 30 @1002/2, first open @1001");
    fixture_reply(log, "11:10", 5);
    fixture_waits_are(log, "first answered 30 @1002/2, first answered 70 @1001");
}

static void test_the_older_start_may_be_the_other_ones(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    log->conversation_id = 2;
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 1);
    fixture_reply(log, "11:10", 5);
    fixture_waits_are(log, "first answered 30 @1002/2, first answered 70 @1001/2");
}

static void test_un_merging_gives_the_former_waits_back(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    g_autoptr(WaitFold) before = fixture_fold(log);
    g_autofree char *waits = fixture_waits(before);
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 2);
    fixture_linked(log, EVENT_UNMERGED, "11:05", "from", 2);
    fixture_waits_are(log, waits);
    fixture_linked(log, EVENT_MERGED, "11:10", "from", 2);
    fixture_waits_are(log, "first answered 30 @1002/2, first open @1001");
}

static void test_messages_that_came_since_can_leave_with_the_un_merged(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 2);
    fixture_reply(log, "11:02", 5);
    fixture_add(log, EVENT_UNMERGED, "11:05", ACTOR_AGENT, ALICE, 0,
                json_pack("{s:i, s:[i]}", "from", 2, "messages", 5));
    fixture_waits_are(log, "first answered 30 @1002/2, first open @1001, next answered 57 @1004/2");
}

static void test_a_split_folds_a_wait_with_messages_on_both_sides_again(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_in(log, "10:10", 2);
    fixture_reply(log, "10:30", 3);
    fixture_split(log, "11:00", 7, 2);
    fixture_waits_are(log, "first answered 30 @1001, first open @1002/7");
    fixture_linked(log, EVENT_UNSPLIT, "11:10", "to", 7);
    fixture_waits_are(log, "first answered 30 @1001");
}

static void test_a_split_moves_a_wait_of_one_side_with_its_end(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:05", 2);
    fixture_in(log, "10:10", 3);
    fixture_reply(log, "10:30", 4);
    fixture_in(log, "10:40", 5);
    fixture_split(log, "11:00", 7, 3);
    fixture_waits_are(log, "first answered 5 @1001, first answered 20 @1003/7, next open @1005");
}

static void test_a_split_keeps_the_end_of_a_wait_whose_reply_moves(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:05", 2);
    fixture_split(log, "11:00", 7, 2);
    fixture_waits_are(log, "first answered 5 @1001");
}

static void test_what_was_dismissed_before_a_split_stays_dismissed(void) {
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_in(log, "10:10", 2);
    fixture_status(log, "10:30", "open", "resolved");
    fixture_split(log, "11:00", 7, 2);
    fixture_waits_are(log, "first dismissed 30 @1001, first dismissed 20 @1002/7");
}

static void test_a_held_reply_follows_its_conversation_through_a_merge(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    log->conversation_id = 2;
    fixture_written(log, "10:50", 5);
    log->conversation_id = 1;
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 2);
    fixture_status(log, "11:01", "open", "resolved");
    fixture_waits_are(log, "first answered 30 @1002/2, first open @1001");
    fixture_sent(log, "11:02", "10:50", ACTOR_AGENT, ALICE, 5);
    fixture_waits_are(log, "first answered 30 @1002/2, first answered 62 @1001");
}

static void test_merged_in_circles_ends(void) {
    g_autoptr(FixtureLog) log = two_conversations();
    fixture_linked(log, EVENT_MERGED, "11:00", "from", 2);
    fixture_linked(log, EVENT_MERGED, "11:01", "from", 1);
    log->conversation_id = 2;
    fixture_linked(log, EVENT_JOINED, "11:02", "from", 1);
    log->conversation_id = 1;
    fixture_linked(log, EVENT_JOINED, "11:03", "from", 2);
    g_autoptr(WaitFold) fold = fixture_fold(log);
    g_assert_cmpuint(fold->lanes->len, >, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wait-links/a-late-parent-makes-one-conversation-from-the-beginning",
                    test_a_late_parent_makes_one_conversation_from_the_beginning);
    g_test_add_func("/wait-links/a-merge-joins-the-open-waits-and-keeps-the-ended",
                    test_a_merge_joins_the_open_waits_and_keeps_the_ended);
    g_test_add_func("/wait-links/the-older-start-may-be-the-other-ones",
                    test_the_older_start_may_be_the_other_ones);
    g_test_add_func("/wait-links/un-merging-gives-the-former-waits-back",
                    test_un_merging_gives_the_former_waits_back);
    g_test_add_func("/wait-links/messages-that-came-since-can-leave-with-the-un-merged",
                    test_messages_that_came_since_can_leave_with_the_un_merged);
    g_test_add_func("/wait-links/a-split-folds-a-wait-with-messages-on-both-sides-again",
                    test_a_split_folds_a_wait_with_messages_on_both_sides_again);
    g_test_add_func("/wait-links/a-split-moves-a-wait-of-one-side-with-its-end",
                    test_a_split_moves_a_wait_of_one_side_with_its_end);
    g_test_add_func("/wait-links/a-split-keeps-the-end-of-a-wait-whose-reply-moves",
                    test_a_split_keeps_the_end_of_a_wait_whose_reply_moves);
    g_test_add_func("/wait-links/what-was-dismissed-before-a-split-stays-dismissed",
                    test_what_was_dismissed_before_a_split_stays_dismissed);
    g_test_add_func("/wait-links/a-held-reply-follows-its-conversation-through-a-merge",
                    test_a_held_reply_follows_its_conversation_through_a_merge);
    g_test_add_func("/wait-links/merged-in-circles-ends", test_merged_in_circles_ends);
    return g_test_run();
}
