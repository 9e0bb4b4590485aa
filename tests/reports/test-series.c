// Plain figures by nearest rank.
#include "reports/series.h"

#define MINUTE G_GINT64_CONSTANT(60000)

static void test_the_median_of_answered_waits_is_plain(void) {
    Series series;
    series_init(&series);
    for (gint64 minutes = 30; minutes > 0; minutes -= 10) {
        series_add(&series, minutes * MINUTE);
        series_add_cohort(&series, minutes * MINUTE, TRUE);
    }
    series_add_cohort(&series, 60 * MINUTE, FALSE);
    SeriesFigures figures = series_read(&series);
    g_assert_cmpuint(figures.n, ==, 3);
    g_assert_cmpint(figures.median, ==, 20 * MINUTE);
    g_assert_cmpint(figures.p90, ==, 30 * MINUTE);
    g_assert_cmpint(figures.mean, ==, 20 * MINUTE);
    g_assert_cmpuint(figures.cohort_n, ==, 4);
    g_assert_cmpint(figures.survival_median.length, ==, 20 * MINUTE);
    g_assert_false(figures.survival_p90.is_reached);
    g_assert_cmpint(figures.survival_p90.length, ==, 60 * MINUTE);
    series_clear(&series);
}

static void test_ranks_are_the_nearest(void) {
    gint64 sorted[20];
    for (gint64 at = 0; at < 20; at++)
        sorted[at] = at + 1;
    g_assert_cmpint(series_nearest_rank(sorted, 20, 50), ==, 10);
    g_assert_cmpint(series_nearest_rank(sorted, 20, 90), ==, 18);
    g_assert_cmpint(series_nearest_rank(sorted, 20, 95), ==, 19);
    g_assert_cmpint(series_nearest_rank(sorted, 19, 95), ==, 19);
    g_assert_cmpint(series_nearest_rank(sorted, 1, 50), ==, 1);
}

static void test_the_mean_is_rounded_half_up_and_does_not_overflow(void) {
    Series series;
    series_init(&series);
    series_add(&series, 1);
    series_add(&series, 2);
    g_assert_cmpint(series_read(&series).mean, ==, 2);
    for (int at = 0; at < 4; at++)
        series_add(&series, G_MAXINT64 / 2);
    g_assert_cmpint(series_read(&series).mean, >, G_MAXINT64 / 4);
    series_clear(&series);
}

static void test_nothing_has_no_figures(void) {
    Series series;
    series_init(&series);
    SeriesFigures figures = series_read(&series);
    g_assert_cmpuint(figures.n, ==, 0);
    g_assert_cmpuint(figures.cohort_n, ==, 0);
    series_clear(&series);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/series/21-the-median-of-answered-waits-is-plain",
                    test_the_median_of_answered_waits_is_plain);
    g_test_add_func("/series/ranks-are-the-nearest", test_ranks_are_the_nearest);
    g_test_add_func("/series/the-mean-is-rounded-half-up-and-does-not-overflow",
                    test_the_mean_is_rounded_half_up_and_does_not_overflow);
    g_test_add_func("/series/nothing-has-no-figures", test_nothing_has_no_figures);
    return g_test_run();
}
