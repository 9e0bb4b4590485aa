// Survival estimates (Kaplan-Meier) in exact rationals: how long waits last when some have not
// ended yet (metrics.md "Statistics"; floating point gets ten waits' p90 wrong). Used by reports.
// Pure.
#pragma once

#include <glib.h>

typedef struct {
    gint64 length;     // ms
    gboolean is_ended; // FALSE: right-censored, it lasted at least so long
} SurvivalTime;

typedef struct {
    gboolean is_reached;
    gint64 length; // ms; not reached: the longest length, shown as "> length"
} SurvivalQuantile;

// By length; of equal lengths the ended ones first.
void survival_sort(SurvivalTime *times, gsize count);

// The least t with S(t) <= 1 - percent/100. times are sorted; count 0 gives not reached, length 0.
SurvivalQuantile survival_quantile(const SurvivalTime *times, gsize count, guint percent);
