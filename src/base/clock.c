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

// The proleptic Gregorian calendar's date of a day since 1970, by Howard Hinnant's arithmetic on
// eras of 400 years that begin in March: lists show thousands of instants.
static void civil_date(gint64 day, gint64 *year, int *month, int *of_month) {
    gint64 shifted = day + 719468;
    gint64 era = floor_div(shifted, 146097);
    gint64 of_era = shifted - era * 146097;
    gint64 year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    gint64 of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    gint64 from_march = (5 * of_year + 2) / 153;
    *of_month = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static void put_digits(char *to, gint64 value, int count) {
    for (int at = count - 1; at >= 0; at--, value /= 10)
        to[at] = (char)('0' + value % 10);
}

char *instant_format(Instant instant) {
    gint64 day = floor_div(instant, 86400000);
    gint64 of_day = instant - day * 86400000;
    gint64 year;
    int month;
    int of_month;
    civil_date(day, &year, &month, &of_month);
    if (year < 0 || year > 9999)
        return g_strdup("");
    char *text = g_strdup("0000-00-00T00:00:00.000Z");
    put_digits(text, year, 4);
    put_digits(text + 5, month, 2);
    put_digits(text + 8, of_month, 2);
    put_digits(text + 11, of_day / 3600000, 2);
    put_digits(text + 14, of_day / 60000 % 60, 2);
    put_digits(text + 17, of_day / 1000 % 60, 2);
    put_digits(text + 20, of_day % 1000, 3);
    return text;
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
