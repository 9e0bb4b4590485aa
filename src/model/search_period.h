// Times in the search language: days, months, ranges and ages. Used by search_query.c; pure.
#pragma once

#include "model/search_query.h"

// ">7d", "<=2h", "2026-10", ">2026-10-01", "2026-09..2026-10" into low, high and is_age. FALSE:
// not understood.
gboolean search_period_parse(const char *value, SearchFilter *filter);

// "2026", "2026-11", "2026-11-23", a full instant: the beginning of it, INSTANT_NONE else.
Instant search_day_parse(const char *value);
