// Which waits: the selection that a list shows and that each figure of a report names, as a struct,
// as SQL and as a URL. Used by the list of waits and the response times; reads only.
#pragma once

#include "model/wait.h"
#include "store/db.h"

// How a period selects (metrics.md "Statistics": a period says what it selects).
typedef enum {
    PERIOD_STARTED,    // started in [from, to)
    PERIOD_ENDED,      // ended in it
    PERIOD_OPEN,       // open at some instant of it
    PERIOD_STILL_OPEN, // open now, started before to
    PERIODS,
} Period;

const char *period_name(Period period);
gboolean period_parse(const char *name, Period *period);

#define FILTER_ANY G_MININT64 // of the members below; ids: 0 is "nobody"

typedef struct {
    Period period;
    Instant from, to;
    Instant started_from, started_to; // narrower than a period that selects otherwise; FILTER_ANY
    gint64 state;                     // WaitState
    gint64 kind;                      // WaitKind
    gint64 is_first_ever;             // 0, 1
    gint64 channel_id;                // also those that it saw besides their home
    gint64 agent_id;                  // who answered
    gint64 assignee_id;               // at the end, or now
    gint64 team_id;                   // likewise
    gint64 priority;
    gint64 shorter_than_ms; // elapsed
    gint64 at_least_ms;     // likewise
    gint64 business_shorter_than_ms, business_at_least_ms;
    gint64 is_elsewhere;      // 1: answered from another channel than channel_id
    gint64 conversation_id;   // with those merged into it
    Id viewer;                // from whom something may be hidden; 0: nothing is
    const char *channel_kind; // NULL: any; borrowed
} WaitFilter;

// Everything started before now.
WaitFilter wait_filter_all(Instant now);

// The path and query under /api/v1/waits that lists just these. Owned.
char *wait_filter_url(const WaitFilter *filter) G_GNUC_WARN_UNUSED_RESULT;

// A wait as reports see it.
typedef struct {
    Wait *wait;         // assignee_at_end and team_at_end of an open one are the present ones
    gint64 business_ms; // DURATION_NONE: absent
    Id calendar_version_id;
    gint64 rule_version;
    const char *channel_kind; // interned
} WaitRow;

void wait_row_clear(WaitRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WaitRow, wait_row_clear)

// Where a page begins: after this row. id 0: from the beginning.
typedef struct {
    Instant started_at;
    Id id;
} WaitPosition;

// Newest start first.
DbRows *wait_filter_query(Db *db, const WaitFilter *filter, WaitPosition after, gint64 limit,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The present row of such a query.
WaitRow wait_filter_read(DbRows *rows) G_GNUC_WARN_UNUSED_RESULT;

// How long it has lasted: to its end, or to now.
gint64 wait_row_elapsed(const WaitRow *row, Instant now);
