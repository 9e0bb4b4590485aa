// Business time: how much of a span lies inside a calendar's opening intervals, exact to the
// millisecond, and when so much of it will have passed (metrics.md "Business time"). Pure. A span
// is integrated across the calendar's versions.
#pragma once

#include "model/calendar.h"

// One opening interval, cut to the span that was asked for.
typedef struct {
    Instant start, end;
    const CalendarVersion *version; // whose hours these are; borrowed from the calendar
} Opening;

// Gives the opening intervals of [from, to) one after another, in order, never overlapping. On the
// stack; borrows the calendar.
typedef struct {
    const Calendar *calendar;
    Instant from, to;
    guint version;     // index of the version in turn
    gboolean is_begun; // clock and day are those of the version in turn
    ZoneClock clock;
    LocalDay day;       // next local day to look at
    Instant covered_to; // what is before has been given
    GArray *openings;   // of Opening, of the day in turn
    guint next;         // in openings
} BusinessCursor;

void business_cursor_init(BusinessCursor *cursor, const Calendar *calendar, Instant from,
                          Instant to);
gboolean business_cursor_next(BusinessCursor *cursor, Opening *opening);
void business_cursor_clear(BusinessCursor *cursor);

// Milliseconds of [from, to) inside opening intervals; negative where to is before from.
// BUSINESS_TIME_NONE: the calendar was not yet valid then (or is NULL), so there is no such time;
// it must not be shown as 0.
#define BUSINESS_TIME_NONE G_MININT64
gint64 business_time_measure(const Calendar *calendar, Instant from, Instant to);

// The least instant t with measure(from, t) = duration_ms; INSTANT_NONE when the calendar has no
// opening hours for 400 days in a row on the way, or is not valid at from.
Instant business_time_due(const Calendar *calendar, Instant from, gint64 duration_ms);

// Whether it is open at the instant.
gboolean business_time_is_open(const Calendar *calendar, Instant instant);

// The opening intervals of [from, to), of Opening; at most limit of them.
GArray *business_time_list(const Calendar *calendar, Instant from, Instant to,
                           guint limit) G_GNUC_WARN_UNUSED_RESULT;
