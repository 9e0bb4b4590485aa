// One column of figures: n, median, p90, p95, maximum, mean by nearest rank on the exact rows, and
// the survival estimates over its cohort (metrics.md "Statistics"). Used by the reports. Pure.
#pragma once

#include "model/survival.h"

// Lengths in ms are collected, then read. Averages of averages are nowhere: a total is collected
// from its rows, too.
typedef struct {
    GArray *lengths; // of gint64: what has ended
    GArray *cohort;  // of SurvivalTime
} Series;

typedef struct {
    gsize n;
    gint64 median, p90, p95, maximum, mean; // ms; mean rounded half up; all 0 when n is 0
    gsize cohort_n;
    SurvivalQuantile survival_median, survival_p90;
} SeriesFigures;

void series_init(Series *series);
void series_clear(Series *series);

// A length that has ended.
void series_add(Series *series, gint64 length);

// One of the cohort for the estimates, ended or not.
void series_add_cohort(Series *series, gint64 length, gboolean is_ended);

// Sorts and reads.
SeriesFigures series_read(Series *series);

// The k-th smallest, k = ceil(percent/100 * n). sorted is not empty.
gint64 series_nearest_rank(const gint64 *sorted, gsize n, guint percent);
