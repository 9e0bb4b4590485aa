// Cuts: by what a report groups its rows (metrics.md "Statistics"). A cut gives each row a key, and
// narrows the filter that lists a group's waits. Used by the reports. Pure.
#pragma once

#include "model/zone.h"
#include "reports/wait_filter.h"

typedef enum {
    CUT_AGENT,    // who answered
    CUT_ASSIGNEE, // at the end, or now
    CUT_TEAM,     // likewise
    CUT_CHANNEL,  // every channel that the wait's messages reached
    CUT_KIND,     // of the home channel
    CUT_PRIORITY,
    CUT_HOUR, // of local time: of the start, or of the end where the period selects by the end
    CUT_DAY,
    CUT_WEEK, // ISO 8601
    CUT_MONTH,
    CUT_QUARTER,
    CUTS,
} Cut;

const char *cut_name(Cut cut);
gboolean cut_parse(const char *name, Cut *cut);
gboolean cut_is_time(Cut cut);

typedef struct {
    char text[64];    // "201", "email", "2026-W48"; "" for nobody
    gint64 value;     // the id or priority
    Instant from, to; // of cuts by time
} CutKey;

// channel_id is the channel that the row is seen from; at the instant that cuts by time take.
CutKey cut_key(Cut cut, const WaitRow *row, Id channel_id, Instant at, ZoneClock *clock);

// The day, hour ... that the instant falls in, as cut_key has it.
CutKey cut_bucket(Cut cut, Instant at, ZoneClock *clock);

void cut_narrow(Cut cut, const CutKey *key, WaitFilter *filter);
