#include "reports/series.h"

#include <stdlib.h>

void series_init(Series *series) {
    series->lengths = g_array_new(FALSE, FALSE, sizeof(gint64));
    series->cohort = g_array_new(FALSE, FALSE, sizeof(SurvivalTime));
}

void series_clear(Series *series) {
    g_clear_pointer(&series->lengths, g_array_unref);
    g_clear_pointer(&series->cohort, g_array_unref);
}

void series_add(Series *series, gint64 length) {
    g_array_append_val(series->lengths, length);
}

void series_add_cohort(Series *series, gint64 length, gboolean is_ended) {
    SurvivalTime time = {length, is_ended};
    g_array_append_val(series->cohort, time);
}

static int length_compare(const void *a, const void *b) {
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

gint64 series_nearest_rank(const gint64 *sorted, gsize n, guint percent) {
    return sorted[(n * percent + 99) / 100 - 1];
}

// Rounded half up; the sum of a million waits of a century fits.
static gint64 mean_of(const gint64 *lengths, gsize n) {
    gint64 whole = 0, rest = 0, count = (gint64)n;
    for (gsize at = 0; at < n; at++) {
        whole += lengths[at] / count;
        rest += lengths[at] % count;
    }
    return whole + (2 * rest + count) / (2 * count);
}

static void read_lengths(const GArray *array, SeriesFigures *figures) {
    gint64 *lengths = (gint64 *)(gpointer)array->data;
    gsize n = figures->n = array->len;
    if (n == 0)
        return;
    qsort(lengths, n, sizeof *lengths, length_compare);
    figures->median = series_nearest_rank(lengths, n, 50);
    figures->p90 = series_nearest_rank(lengths, n, 90);
    figures->p95 = series_nearest_rank(lengths, n, 95);
    figures->maximum = lengths[n - 1];
    figures->mean = mean_of(lengths, n);
}

SeriesFigures series_read(Series *series) {
    SeriesFigures figures = {.cohort_n = series->cohort->len};
    SurvivalTime *times = (SurvivalTime *)(gpointer)series->cohort->data;
    read_lengths(series->lengths, &figures);
    survival_sort(times, figures.cohort_n);
    figures.survival_median = survival_quantile(times, figures.cohort_n, 50);
    figures.survival_p90 = survival_quantile(times, figures.cohort_n, 90);
    return figures;
}
