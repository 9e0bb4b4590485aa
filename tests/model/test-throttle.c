// Limits in a fixed table.
#include "model/throttle.h"

static const ThrottleRate rate = {.burst = 5, .every_ms = 1000};

static void test_a_burst_then_one_in_a_while(void) {
    g_autoptr(Throttle) throttle = throttle_new(7);
    for (int at = 0; at < 5; at++)
        g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 1000), ==, 0);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 1000), ==, 1000);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 1600), ==, 400);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 2000), ==, 0);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 2000), >, 0);
    g_assert_cmpint(throttle_take(throttle, "k", "b", rate, 2000), ==, 0);
    g_assert_cmpint(throttle_take(throttle, "other", "a", rate, 2000), ==, 0);
}

static void test_what_is_given_back_can_be_taken_again(void) {
    g_autoptr(Throttle) throttle = throttle_new(7);
    for (int at = 0; at < 50; at++) {
        g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 1000), ==, 0);
        throttle_give(throttle, "k", "a");
    }
}

static void test_a_refusal_takes_nothing_so_nobody_is_locked_out(void) {
    g_autoptr(Throttle) throttle = throttle_new(7);
    for (int at = 0; at < 100000; at++)
        throttle_take(throttle, "k", "a", rate, 1000);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 2000), ==, 0);
}

static void test_a_thousand_strangers_leave_others_alone(void) {
    g_autoptr(Throttle) throttle = throttle_new(99);
    for (int at = 0; at < 1000; at++) {
        g_autofree char *key = g_strdup_printf("198.51.100.%d", at);
        for (int times = 0; times < 6; times++)
            throttle_take(throttle, "k", key, rate, 1000);
    }
    int refused = 0;
    for (int at = 0; at < 1000; at++) {
        g_autofree char *key = g_strdup_printf("own-%d", at);
        refused += throttle_take(throttle, "k", key, rate, 1000) > 0;
    }
    g_assert_cmpint(refused, <=, 12); // both of its buckets taken by chance: (2000/32768)^2
}

static void test_a_clock_that_goes_back_refuses_nobody_for_ever(void) {
    g_autoptr(Throttle) throttle = throttle_new(7);
    for (int at = 0; at < 5; at++)
        throttle_take(throttle, "k", "a", rate, 1000000);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 1000), ==, 1000);
    g_assert_cmpint(throttle_take(throttle, "k", "a", rate, 2000), ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/throttle/a burst, then one in a while", test_a_burst_then_one_in_a_while);
    g_test_add_func("/throttle/what is given back can be taken again",
                    test_what_is_given_back_can_be_taken_again);
    g_test_add_func("/throttle/A02: a refusal takes nothing, so nobody is locked out",
                    test_a_refusal_takes_nothing_so_nobody_is_locked_out);
    g_test_add_func("/throttle/a thousand strangers leave others alone",
                    test_a_thousand_strangers_leave_others_alone);
    g_test_add_func("/throttle/a clock that goes back refuses nobody for ever",
                    test_a_clock_that_goes_back_refuses_nobody_for_ever);
    return g_test_run();
}
