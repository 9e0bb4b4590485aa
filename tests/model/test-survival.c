// Survival estimates: the row of metrics.md's table, what floating point gets wrong, and the plain
// fractions computed with whole numbers.
#include "model/survival.h"

#define MINUTE G_GINT64_CONSTANT(60000)

static void quantile_is(const SurvivalTime *times, gsize count, guint percent, gboolean is_reached,
                        gint64 length) {
    SurvivalQuantile quantile = survival_quantile(times, count, percent);
    g_assert_cmpint(quantile.is_reached, ==, is_reached);
    g_assert_cmpint(quantile.length, ==, length);
}

static void test_an_open_wait_is_censored(void) {
    SurvivalTime times[] = {
        {60 * MINUTE, FALSE}, {30 * MINUTE, TRUE}, {10 * MINUTE, TRUE}, {20 * MINUTE, TRUE}};
    survival_sort(times, 4);
    quantile_is(times, 4, 50, TRUE, 20 * MINUTE);
    quantile_is(times, 4, 90, FALSE, 60 * MINUTE);
}

static void test_ten_waits_have_their_p90_at_the_ninth(void) {
    SurvivalTime times[10];
    for (gint64 at = 0; at < 10; at++)
        times[at] = (SurvivalTime){(at + 1) * MINUTE, TRUE};
    // In doubles the product of 9/10, 8/9 ... 1/2 is above 0.1.
    quantile_is(times, 10, 90, TRUE, 9 * MINUTE);
    quantile_is(times, 10, 50, TRUE, 5 * MINUTE);
}

static void test_without_censoring_it_is_the_nearest_rank(void) {
    for (gsize n = 1; n <= 300; n++) {
        g_autofree SurvivalTime *times = g_new(SurvivalTime, n);
        for (gsize at = 0; at < n; at++)
            times[at] = (SurvivalTime){(gint64)at + 1, TRUE};
        quantile_is(times, n, 90, TRUE, (gint64)((n * 90 + 99) / 100));
        quantile_is(times, n, 50, TRUE, (gint64)((n * 50 + 99) / 100));
    }
}

static void test_equal_lengths_end_before_they_are_censored(void) {
    SurvivalTime times[] = {{5, FALSE}, {5, TRUE}};
    survival_sort(times, 2);
    quantile_is(times, 2, 50, TRUE, 5);
}

static void test_nothing_is_not_reached(void) {
    quantile_is(NULL, 0, 50, FALSE, 0);
    SurvivalTime open = {7, FALSE};
    quantile_is(&open, 1, 50, FALSE, 7);
}

// S(t) <= share/100 by whole numbers of 128 bits, for few waits.
static SurvivalQuantile quantile_by_integers(const SurvivalTime *times, gsize count,
                                             guint percent) {
    __extension__ typedef unsigned __int128 Wide;
    Wide numerator = 1, denominator = 1;
    for (gsize at = 0; at < count; at++) {
        if (!times[at].is_ended)
            continue;
        numerator *= count - at - 1;
        denominator *= count - at;
        gboolean is_last =
            at + 1 == count || times[at + 1].length != times[at].length || !times[at + 1].is_ended;
        if (is_last && numerator * 100 <= denominator * (100 - percent))
            return (SurvivalQuantile){TRUE, times[at].length};
    }
    return (SurvivalQuantile){FALSE, count == 0 ? 0 : times[count - 1].length};
}

static void test_it_is_what_whole_numbers_give(void) {
    for (guint turn = 0; turn < 20000; turn++) {
        SurvivalTime times[20];
        gsize count = (gsize)g_test_rand_int_range(1, 21);
        for (gsize at = 0; at < count; at++)
            times[at] =
                (SurvivalTime){g_test_rand_int_range(0, 15), g_test_rand_int_range(0, 3) > 0};
        survival_sort(times, count);
        guint percent = g_test_rand_bit() ? 50 : 90;
        SurvivalQuantile expected = quantile_by_integers(times, count, percent);
        quantile_is(times, count, percent, expected.is_reached, expected.length);
    }
}

static void test_a_hundred_thousand_waits_are_quick(void) {
    gsize n = 100000;
    g_autofree SurvivalTime *times = g_new(SurvivalTime, n);
    for (gsize at = 0; at < n; at++)
        times[at] = (SurvivalTime){g_test_rand_int_range(0, 1000000), at % 7 != 0};
    gint64 begun = g_get_monotonic_time();
    survival_sort(times, n);
    g_assert_true(survival_quantile(times, n, 50).is_reached);
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 2000000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/survival/22-an-open-wait-is-censored", test_an_open_wait_is_censored);
    g_test_add_func("/survival/ten-waits-have-their-p90-at-the-ninth",
                    test_ten_waits_have_their_p90_at_the_ninth);
    g_test_add_func("/survival/without-censoring-it-is-the-nearest-rank",
                    test_without_censoring_it_is_the_nearest_rank);
    g_test_add_func("/survival/equal-lengths-end-before-they-are-censored",
                    test_equal_lengths_end_before_they_are_censored);
    g_test_add_func("/survival/nothing-is-not-reached", test_nothing_is_not_reached);
    g_test_add_func("/survival/it-is-what-whole-numbers-give", test_it_is_what_whole_numbers_give);
    g_test_add_func("/survival/a-hundred-thousand-waits-are-quick",
                    test_a_hundred_thousand_waits_are_quick);
    return g_test_run();
}
