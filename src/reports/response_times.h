// Response times: figures of waits and resolutions over a period, whole and by up to two cuts
// (metrics.md "Statistics"). Made from one snapshot of the store; written as JSON or CSV by
// response_json and response_csv. Reads only.
#pragma once

#include "reports/cut.h"
#include "reports/series.h"

#define RESPONSE_ROWS_MAX 1000000
#define RESPONSE_GROUPS_MAX 20000

typedef struct {
    WaitFilter filter; // period, from, to, and what else narrows the rows
    Cut cuts[2];
    gsize cut_count;
    const char *zone_name; // of cuts by time; the report keeps its own
    Instant now;
} ResponseQuery;

// Which waits a column of figures is about.
typedef enum {
    FIGURES_ALL,
    FIGURES_FIRST,
    FIGURES_NEXT,
    FIGURES_FIRST_EVER,
    FIGURES_SETS
} FigureSet;

const char *figure_set_name(FigureSet set); // "all", "first", "next", "first_ever"

typedef struct {
    Series elapsed, business; // n is the number answered
    gint64 waits;             // of the period, whatever became of them
    gint64 open;
    Instant oldest_open; // when the longest of the open began; INSTANT_NONE without
    gint64 dismissed;
    gint64 dismissed_under_minute;
    gint64 elsewhere; // answered from another channel than the group's
} WaitFigures;

// Resolution: to the first, to the last, and the sum of open time; each elapsed and business.
typedef enum { RESOLUTION_FIRST, RESOLUTION_LAST, RESOLUTION_OPEN_TIME, RESOLUTIONS } Resolution;

const char *resolution_name(Resolution resolution); // "first", "last", "open_time"

typedef struct {
    CutKey keys[2];
    WaitFigures sets[FIGURES_SETS];
    Series automatic[AUTOMATICS];
    Series delivery_lag, fetch_lag, snoozed, without_snoozed;
    Series resolution[RESOLUTIONS], resolution_business[RESOLUTIONS];
    gint64 episodes, episodes_open, reopens;
} ResponseGroup;

typedef struct {
    ResponseQuery query;
    char *zone_name; // query's
    ResponseGroup *total;
    GPtrArray *groups; // of ResponseGroup, by keys
} ResponseReport;

// NULL with an error: invalid for a period with too many rows or groups. Takes no snapshot by
// itself: db is a reader within one. query->zone_name is copied.
ResponseReport *response_report_new(Db *db, const ResponseQuery *query,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void response_report_free(ResponseReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResponseReport, response_report_free)

// The filter that lists the waits of a group (NULL: of the total) that a figure counts. Texts are
// borrowed from group and report.
WaitFilter response_filter(const ResponseReport *report, const ResponseGroup *group, FigureSet set,
                           Period period);
