#include "model/zone.h"

#include <string.h>

#include "base/error.h"

#define DAY_OF_1970 719163 // GDate's julian number of 1970-01-01
#define NEAR_MS (25 * 60 * ZONE_MINUTE_MS)
#define MARGIN_MS (2 * ZONE_DAY_MS)
#define WINDOW_MS (28 * ZONE_DAY_MS)

static const char name_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";

// Reading a zone's file costs as much as a hundred waits: zones stay once they were asked for.
// There are some 600 names.
static GTimeZone *zone_read(const char *name) {
    static GMutex mutex;
    static GHashTable *zones;
    g_mutex_lock(&mutex);
    if (zones == NULL)
        zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify)g_time_zone_unref);
    GTimeZone *zone = g_hash_table_lookup(zones, name);
    if (zone == NULL && (zone = g_time_zone_new_identifier(name)) != NULL)
        g_hash_table_insert(zones, g_strdup(name), zone);
    if (zone != NULL)
        g_time_zone_ref(zone);
    g_mutex_unlock(&mutex);
    return zone;
}

GTimeZone *zone_find(const char *name, GError **error) {
    // A name is a path below the zone database and, to GLib, may also be an offset: take names
    // only.
    gboolean is_name = g_ascii_isalpha(name[0]) && strlen(name) < 64 &&
                       strspn(name, name_characters) == strlen(name);
    GTimeZone *zone = is_name ? zone_read(name) : NULL;
    if (zone == NULL)
        error_set(error, ERROR_INVALID, "zone_unknown",
                  "\"%.64s\" is no time zone; give an IANA name such as Europe/Helsinki", name);
    return zone;
}

static gint64 divide_down(gint64 value, gint64 by) {
    gint64 quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

void zone_clock_init(ZoneClock *clock, GTimeZone *zone) {
    *clock = (ZoneClock){.zone = zone, .from = 1, .to = 0};
}

static int interval_at(GTimeZone *zone, Instant instant) {
    return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, divide_down(instant, 1000));
}

static gint64 offset_at(GTimeZone *zone, Instant instant) {
    return g_time_zone_get_offset(zone, interval_at(zone, instant)) * G_GINT64_CONSTANT(1000);
}

gint64 zone_clock_offset(ZoneClock *clock, Instant instant) {
    if (clock->from <= instant && instant <= clock->to)
        return clock->offset_ms;
    int interval = interval_at(clock->zone, instant);
    clock->offset_ms = g_time_zone_get_offset(clock->zone, interval) * G_GINT64_CONSTANT(1000);
    Instant before = instant - WINDOW_MS, after = instant + WINDOW_MS;
    clock->from = interval_at(clock->zone, before) == interval ? before : instant;
    clock->to = interval_at(clock->zone, after) == interval ? after : instant;
    return clock->offset_ms;
}

LocalDay zone_clock_day(ZoneClock *clock, Instant instant) {
    return divide_down(instant + zone_clock_offset(clock, instant), ZONE_DAY_MS);
}

int zone_clock_minute(ZoneClock *clock, Instant instant) {
    gint64 local = instant + zone_clock_offset(clock, instant);
    return (int)((local - divide_down(local, ZONE_DAY_MS) * ZONE_DAY_MS) / ZONE_MINUTE_MS);
}

// local is the time on the wall as if it were UTC, within a day of a change of the clock.
static Instant resolve_near_change(GTimeZone *zone, gint64 local, ZoneSide side) {
    gint64 near = local - offset_at(zone, local);
    gint64 before = offset_at(zone, near - NEAR_MS), after = offset_at(zone, near + NEAR_MS);
    Instant by_before = local - before, by_after = local - after;
    gboolean before_holds = offset_at(zone, by_before) == before;
    gboolean after_holds = offset_at(zone, by_after) == after;
    if (before_holds && after_holds)
        return side == ZONE_START ? MIN(by_before, by_after) : MAX(by_before, by_after);
    // In a gap the offset before the change gives the time moved forward by the gap.
    return after_holds ? by_after : by_before;
}

Instant zone_clock_instant(ZoneClock *clock, LocalDay day, int minute, ZoneSide side) {
    gint64 local = day * ZONE_DAY_MS + minute * ZONE_MINUTE_MS;
    if (local - MARGIN_MS < clock->from || local + MARGIN_MS > clock->to)
        zone_clock_offset(clock, local - MARGIN_MS);
    if (clock->from <= local - MARGIN_MS && local + MARGIN_MS <= clock->to)
        return local - clock->offset_ms;
    return resolve_near_change(clock->zone, local, side);
}

LocalDay local_day_of_date(int year, int month, int day_of_month) {
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day_of_month, (GDateMonth)month, (GDateYear)year);
    return (LocalDay)g_date_get_julian(&date) - DAY_OF_1970;
}

void local_day_date(LocalDay day, int *year, int *month, int *day_of_month) {
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(day + DAY_OF_1970));
    *year = g_date_get_year(&date);
    *month = (int)g_date_get_month(&date);
    *day_of_month = g_date_get_day(&date);
}

static gboolean digits_read(const char *text, int count, int *value) {
    *value = 0;
    for (int at = 0; at < count; at++) {
        if (!g_ascii_isdigit(text[at]))
            return FALSE;
        *value = *value * 10 + (text[at] - '0');
    }
    return TRUE;
}

gboolean local_day_parse(const char *text, LocalDay *day) {
    int year, month, day_of_month;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits_read(text, 4, &year) ||
        !digits_read(text + 5, 2, &month) || !digits_read(text + 8, 2, &day_of_month))
        return FALSE;
    if (year < 1900 || year > 2200 || month < 1 || month > 12 ||
        !g_date_valid_dmy((GDateDay)day_of_month, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    *day = local_day_of_date(year, month, day_of_month);
    return TRUE;
}

char *local_day_format(LocalDay day) {
    int year, month, day_of_month;
    local_day_date(day, &year, &month, &day_of_month);
    return g_strdup_printf("%04d-%02d-%02d", year, month, day_of_month);
}

int local_day_weekday(LocalDay day) {
    return (int)(((day + 3) % 7 + 7) % 7);
}
