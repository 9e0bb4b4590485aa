#include "base/clock.h"

#include "base/error.h"

static gint64 fixed = INSTANT_NONE; // atomic

Instant clock_now(void) {
    gint64 now = __atomic_load_n(&fixed, __ATOMIC_RELAXED);
    return now != INSTANT_NONE ? now : g_get_real_time() / 1000;
}

gint64 clock_monotonic(void) {
    return g_get_monotonic_time() / 1000;
}

void clock_fix(Instant now) {
    __atomic_store_n(&fixed, now, __ATOMIC_RELAXED);
}

static gint64 floor_div(gint64 value, gint64 by) {
    return value / by - (value % by < 0);
}

char *instant_format(Instant instant) {
    gint64 seconds = floor_div(instant, 1000);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);
    if (date == NULL)
        return g_strdup("");
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", g_date_time_get_year(date),
                           g_date_time_get_month(date), g_date_time_get_day_of_month(date),
                           g_date_time_get_hour(date), g_date_time_get_minute(date),
                           g_date_time_get_second(date), (int)(instant - seconds * 1000));
}

Instant instant_parse(const char *text, GError **error) {
    g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, NULL);
    if (date == NULL) {
        error_set(error, ERROR_INVALID, "instant_invalid",
                  "\"%.40s\" is no instant: write it as 2026-11-23T06:03:30.123Z", text);
        return INSTANT_NONE;
    }
    return g_date_time_to_unix(date) * 1000 + g_date_time_get_microsecond(date) / 1000;
}
