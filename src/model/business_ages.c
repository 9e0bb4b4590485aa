#include "model/business_ages.h"

struct BusinessAges {
    const Calendar *calendar;
    Instant end;
    Instant last_midnight; // UTC, at or before end; any grid does
    GArray *sums;          // [n]: measure from last_midnight - n days to end
};

BusinessAges *business_ages_new(const Calendar *calendar, Instant end) {
    BusinessAges *ages = g_new0(BusinessAges, 1);
    ages->calendar = calendar;
    ages->end = end;
    ages->last_midnight = end - end % ZONE_DAY_MS;
    ages->sums = g_array_new(FALSE, FALSE, sizeof(gint64));
    return ages;
}

void business_ages_free(BusinessAges *ages) {
    if (ages == NULL)
        return;
    g_array_unref(ages->sums);
    g_free(ages);
}

// Every midnight up to that one is after a from at which the calendar is valid.
static gint64 sum_since_midnight(BusinessAges *ages, guint days_before) {
    while (ages->sums->len <= days_before) {
        guint at = ages->sums->len;
        Instant midnight = ages->last_midnight - at * ZONE_DAY_MS;
        gint64 sum =
            at == 0 ? business_time_measure(ages->calendar, midnight, ages->end)
                    : g_array_index(ages->sums, gint64, at - 1) +
                          business_time_measure(ages->calendar, midnight, midnight + ZONE_DAY_MS);
        g_array_append_val(ages->sums, sum);
    }
    return g_array_index(ages->sums, gint64, days_before);
}

gint64 business_ages_measure(BusinessAges *ages, Instant from) {
    if (from >= ages->last_midnight || from < 0)
        return business_time_measure(ages->calendar, from, MAX(from, ages->end));
    gint64 before = (ages->last_midnight - from) / ZONE_DAY_MS;
    Instant midnight = ages->last_midnight - before * ZONE_DAY_MS;
    gint64 first = business_time_measure(ages->calendar, from, midnight);
    return first == BUSINESS_TIME_NONE ? first : first + sum_since_midnight(ages, (guint)before);
}
