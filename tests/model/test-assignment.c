// Who gets a conversation by itself, and who takes new ones.
#include "fixture_calendar.h"
#include "model/assignment.h"

#define MINUTE G_GINT64_CONSTANT(60000)

// A member who takes everything.
static AssignmentCandidate member(Id id, gint64 open) {
    return (AssignmentCandidate){.agent_id = id,
                                 .may_see = TRUE,
                                 .state = AVAILABILITY_AVAILABLE,
                                 .capacity = CAPACITY_UNLIMITED,
                                 .open = open};
}

static Id choose(AssignmentMode mode, const AssignmentCandidate *candidates, gsize count, Id last) {
    const AssignmentCandidate *chosen = assignment_choose(mode, candidates, count, last);
    return chosen != NULL ? chosen->agent_id : 0;
}

typedef struct {
    AssignmentMode mode;
    Id last, chosen;
} Case;

static void test_round_robin_goes_on_from_the_last_and_least_loaded_looks_at_the_load(void) {
    static const Case cases[] = {
        {ASSIGNMENT_ROUND_ROBIN, 0, 1},  {ASSIGNMENT_ROUND_ROBIN, 1, 2},
        {ASSIGNMENT_ROUND_ROBIN, 2, 5},  {ASSIGNMENT_ROUND_ROBIN, 3, 5},
        {ASSIGNMENT_ROUND_ROBIN, 5, 1},  {ASSIGNMENT_ROUND_ROBIN, 9, 1},
        {ASSIGNMENT_LEAST_LOADED, 0, 2}, {ASSIGNMENT_LEAST_LOADED, 2, 2},
        {ASSIGNMENT_NONE, 0, 0},
    };
    const AssignmentCandidate members[] = {member(5, 3), member(2, 3), member(1, 7)};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++)
        g_assert_cmpint(choose(cases[at].mode, members, G_N_ELEMENTS(members), cases[at].last), ==,
                        cases[at].chosen);
}

static void test_the_order_in_which_members_are_read_changes_nothing(void) {
    AssignmentCandidate members[] = {member(1, 2), member(2, 1), member(3, 1)};
    for (guint turn = 0; turn < 3; turn++) {
        AssignmentCandidate first = members[0];
        memmove(members, members + 1, 2 * sizeof first);
        members[2] = first;
        g_assert_cmpint(choose(ASSIGNMENT_LEAST_LOADED, members, 3, 0), ==, 2);
        g_assert_cmpint(choose(ASSIGNMENT_ROUND_ROBIN, members, 3, 1), ==, 2);
    }
}

static void test_nobody_unfit_is_chosen(void) {
    AssignmentCandidate members[] = {member(1, 0), member(2, 0), member(3, 0),
                                     member(4, 0), member(5, 0), member(6, 4)};
    members[0].is_disabled = TRUE;
    members[1].may_see = FALSE;
    members[2].state = AVAILABILITY_AWAY;
    members[3].state = AVAILABILITY_BUSY;
    members[4].state = AVAILABILITY_OFFLINE;
    members[5].capacity = 5;
    g_assert_cmpint(choose(ASSIGNMENT_ROUND_ROBIN, members, 6, 0), ==, 6);
    g_assert_cmpint(choose(ASSIGNMENT_LEAST_LOADED, members, 6, 0), ==, 6);
    members[5].open = 5;
    g_assert_cmpint(choose(ASSIGNMENT_ROUND_ROBIN, members, 6, 0), ==, 0);
    g_assert_cmpint(choose(ASSIGNMENT_LEAST_LOADED, NULL, 0, 0), ==, 0);
}

static void test_two_hundred_turns_are_spread_evenly(void) {
    AssignmentCandidate members[] = {member(3, 0), member(7, 0), member(11, 0), member(12, 0)};
    for (guint mode = ASSIGNMENT_ROUND_ROBIN; mode < ASSIGNMENT_MODES; mode++) {
        Id last = 0;
        for (guint at = 0; at < 4; at++)
            members[at].open = 0;
        for (guint turn = 0; turn < 200; turn++) {
            last = choose((AssignmentMode)mode, members, 4, last);
            for (guint at = 0; at < 4; at++)
                members[at].open += members[at].agent_id == last;
        }
        for (guint at = 0; at < 4; at++)
            g_assert_cmpint(members[at].open, ==, 50);
    }
}

typedef struct {
    const char *now;
    AvailabilityState by_hand;
    const char *until; // or NULL
    AvailabilityState effective;
    gboolean is_absent;
} StateCase;

static void test_what_holds_follows_from_hand_end_and_hours(void) {
    static const StateCase cases[] = {
        {"2026-11-23T10:00:00", AVAILABILITY_AVAILABLE, NULL, AVAILABILITY_AVAILABLE, FALSE},
        {"2026-11-23T07:59:59", AVAILABILITY_AVAILABLE, NULL, AVAILABILITY_OFFLINE, FALSE},
        {"2026-11-23T16:00:00", AVAILABILITY_AVAILABLE, NULL, AVAILABILITY_OFFLINE, FALSE},
        {"2026-11-23T10:00:00", AVAILABILITY_BUSY, NULL, AVAILABILITY_BUSY, FALSE},
        {"2026-11-22T10:00:00", AVAILABILITY_BUSY, NULL, AVAILABILITY_OFFLINE, FALSE},
        {"2026-11-23T10:00:00", AVAILABILITY_AWAY, NULL, AVAILABILITY_AWAY, TRUE},
        {"2026-11-22T10:00:00", AVAILABILITY_AWAY, NULL, AVAILABILITY_AWAY, TRUE},
        {"2026-11-23T10:00:00", AVAILABILITY_AWAY, "2026-11-23T10:00:00.001", AVAILABILITY_AWAY,
         TRUE},
        {"2026-11-23T10:00:00", AVAILABILITY_AWAY, "2026-11-23T10:00:00", AVAILABILITY_AVAILABLE,
         FALSE},
        {"2026-11-23T20:00:00", AVAILABILITY_AWAY, "2026-11-23T10:00:00", AVAILABILITY_OFFLINE,
         FALSE},
        {"2026-11-23T10:00:00", AVAILABILITY_OFFLINE, NULL, AVAILABILITY_OFFLINE, TRUE},
    };
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        const StateCase *one = &cases[at];
        Instant now = fixture_instant(one->now);
        Availability by_hand = {one->by_hand, 0,
                                one->until != NULL ? fixture_instant(one->until) : INSTANT_NONE};
        g_assert_cmpint(availability_effective(&by_hand, office, now), ==, one->effective);
        g_assert_cmpint(availability_is_absent(&by_hand, now), ==, one->is_absent);
    }
}

static void test_without_hours_of_their_own_agents_work_at_any_hour(void) {
    Availability by_hand = {AVAILABILITY_AVAILABLE, 0, INSTANT_NONE};
    g_assert_cmpint(availability_effective(&by_hand, NULL, 5 * MINUTE), ==, AVAILABILITY_AVAILABLE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assignment/round-robin-goes-on-from-the-last-least-loaded-looks-at-the-load",
                    test_round_robin_goes_on_from_the_last_and_least_loaded_looks_at_the_load);
    g_test_add_func("/assignment/the-order-in-which-members-are-read-changes-nothing",
                    test_the_order_in_which_members_are_read_changes_nothing);
    g_test_add_func("/assignment/nobody-unfit-is-chosen", test_nobody_unfit_is_chosen);
    g_test_add_func("/assignment/two-hundred-turns-are-spread-evenly",
                    test_two_hundred_turns_are_spread_evenly);
    g_test_add_func("/availability/what-holds-follows-from-hand-end-and-hours",
                    test_what_holds_follows_from_hand_end_and_hours);
    g_test_add_func("/availability/without-hours-of-their-own-agents-work-at-any-hour",
                    test_without_hours_of_their_own_agents_work_at_any_hour);
    return g_test_run();
}
