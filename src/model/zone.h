// Local days and times of a time zone as instants, by GLib's GTimeZone alone; the process's TZ
// plays no part. Used by calendars, business time and the reports' cuts by day and hour. Pure.
#pragma once

#include "base/clock.h"

#define ZONE_MINUTE_MS G_GINT64_CONSTANT(60000)
#define ZONE_DAY_MS G_GINT64_CONSTANT(86400000)

// A local day: days since 1970-01-01; day 0 was a Thursday.
typedef gint64 LocalDay;

// The zone of that IANA name, or NULL with an error (invalid).
GTimeZone *zone_find(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Reads one zone fast for instants near each other. On the stack; borrows the zone.
typedef struct {
    GTimeZone *zone;
    Instant from, to; // offset_ms holds throughout [from, to]
    gint64 offset_ms;
} ZoneClock;

void zone_clock_init(ZoneClock *clock, GTimeZone *zone);

// Milliseconds that local time is ahead of UTC at this instant.
gint64 zone_clock_offset(ZoneClock *clock, Instant instant);

// The local day that the instant falls on.
LocalDay zone_clock_day(ZoneClock *clock, Instant instant);

// Minutes since local midnight by the wall clock: 0 .. 1439.
int zone_clock_minute(ZoneClock *clock, Instant instant);

typedef enum { ZONE_START, ZONE_END } ZoneSide;

// The instant of a local time, given as minutes after the day's midnight (may exceed 1440). A local
// time that does not exist is moved forward by the gap; one that exists twice means the first as a
// start and the second as an end (metrics.md "Business time").
Instant zone_clock_instant(ZoneClock *clock, LocalDay day, int minute, ZoneSide side);

// "2026-12-06" as a day; FALSE for anything else, and for years outside 1900 .. 2200.
gboolean local_day_parse(const char *text, LocalDay *day);

// "2026-12-06". Owned by the caller.
char *local_day_format(LocalDay day) G_GNUC_WARN_UNUSED_RESULT;

// The proleptic Gregorian date as a day and back.
LocalDay local_day_of_date(int year, int month, int day_of_month);
void local_day_date(LocalDay day, int *year, int *month, int *day_of_month);

// 0 is Monday.
int local_day_weekday(LocalDay day);
