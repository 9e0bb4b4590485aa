// Which waits a request asks for: the query parameters that lists and reports share. Used by
// api/waits and api/reports.
#pragma once

#include "api/call.h"
#include "reports/response_times.h"

// Of a route's row.
#define WAIT_QUERY                                                                                 \
    "period from to zone started_from started_to state kind first_ever channel agent assignee "    \
    "team priority shorter_than_ms at_least_ms business_shorter_than_ms business_at_least_ms "     \
    "elsewhere conversation channel_kind"

// The zone that the request names, else that of the latest calendar in use, else UTC. Owned; NULL
// with an error (invalid).
char *wait_query_zone(ApiCall *call, Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// from and to may be days of that zone (their beginning) or instants; from is initial_from, to is
// now unless given. Texts of *filter are borrowed from the call. FALSE with an error (invalid).
gboolean wait_query_read(ApiCall *call, const char *zone_name, Period initial_period,
                         Instant initial_from, Instant now, WaitFilter *filter, GError **error);

// Whether CSV is asked for: format=csv, or Accept: text/csv.
gboolean wait_query_is_csv(const ApiCall *call);
