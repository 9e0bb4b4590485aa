// Rows into groups: finding the group of a row's keys, and reading the episodes for the figures of
// resolution. Used by response_times alone.
#pragma once

#include "model/business_ages.h"
#include "reports/response_group.h"
#include "store/calendar.h"

typedef struct {
    Db *db;
    ResponseReport *report; // being made
    GHashTable *by_keys;    // "201\n2026-11-23" -> ResponseGroup of report->groups
    CalendarShelf *calendars;
    GHashTable *ages; // Calendar -> BusinessAges up to now
    ZoneClock clock;
    Period selects;        // of the pass in turn
    gboolean cuts_channel; // rows are seen from each channel
} Collect;

void collect_init(Collect *collect, Db *db, ResponseReport *report, GTimeZone *zone);

// Leaves report->groups sorted by keys.
void collect_clear(Collect *collect);

// The group that the row is counted in, made when there is none. NULL for an open wait that is only
// counted among the open and began outside a period that is cut by time.
ResponseGroup *collect_group(Collect *collect, const WaitRow *row, guint roles, Id channel_id);

// Business time in the channel's calendar from an instant to now; DURATION_NONE without one. FALSE
// with an error.
gboolean collect_age(Collect *collect, Id channel_id, Instant from, gint64 *business,
                     GError **error);

// Adds the episodes that the period selects.
gboolean collect_resolutions(Collect *collect, Period selects, guint roles, GError **error);
