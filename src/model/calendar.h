// Opening hours: a time zone, intervals per weekday, dated exceptions, holidays, in versions that
// each hold from an instant on (metrics.md "Business time"). Made from JSON, which is strict; read
// by model/business_time. Immutable once made; any thread.
#pragma once

#include <jansson.h>

#include "base/id.h"
#include "model/zone.h"

// Minutes after local midnight of the day on which it starts. closes_at is above 1440 where it
// reaches into the next day ("22:00-06:00" is 1320 and 1800).
typedef struct {
    int opens_at;
    int closes_at;
} OpenHours;

// Days on which other hours hold than the weekday's; hours empty: closed.
typedef struct {
    LocalDay from, to; // both included
    GArray *hours;     // of OpenHours
} CalendarException;

typedef struct {
    Id id;
    Instant valid_from;
    char *zone_name;
    GTimeZone *zone;
    GArray *week[7];       // of OpenHours, by start; [0] is Monday
    GPtrArray *exceptions; // of CalendarException, by date, none overlapping
    gboolean has_finland;  // closed on Finland's public holidays
    gboolean has_eves;     // and on Christmas Eve and Midsummer Eve
    GArray *holiday_dates; // of LocalDay, sorted: holidays from a file
    GArray *holiday_hours; // of OpenHours, on holidays of any origin; empty: closed
} CalendarVersion;

// hours is {"week": {"mon": [["08:00","16:00"]], ...}, "exceptions": [{"from": "2026-12-24", "to":
// "2026-12-24", "hours": []}], "holidays": ["finland", "finland_eves"], "holiday_dates":
// ["2027-01-01"], "holiday_hours": []}; all but week may be absent. NULL with an error (invalid)
// that names the member for anything else.
CalendarVersion *calendar_version_new(Id id, Instant valid_from, const char *zone_name,
                                      json_t *hours, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void calendar_version_free(CalendarVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalendarVersion, calendar_version_free)

// The hours again in their one canonical form.
json_t *calendar_version_hours_json(const CalendarVersion *version) G_GNUC_WARN_UNUSED_RESULT;

// The intervals (of OpenHours) that start on this local day: those of an exception, else those of
// holidays, else the weekday's. Borrowed.
const GArray *calendar_version_hours(const CalendarVersion *version, LocalDay day);

typedef struct {
    Id id;
    char *name;
    GPtrArray *versions; // of CalendarVersion, by valid_from
} Calendar;

Calendar *calendar_new(Id id, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void calendar_free(Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

// Takes the version, which must be valid from later on than those before.
void calendar_take_version(Calendar *calendar, CalendarVersion *version);

// The version in force at the instant, or NULL before the first.
const CalendarVersion *calendar_version_at(const Calendar *calendar, Instant instant);

// Dates of holidays from a file: one "2027-01-01" a line, anything after a blank is a name, "#"
// begins a comment. A JSON array of dates for "holiday_dates"; NULL with an error (invalid) that
// names the line.
json_t *calendar_holidays_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
