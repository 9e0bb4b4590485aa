// One group of the response times: what a row adds to its figures. Used by response_times alone.
#pragma once

#include "reports/response_times.h"

// What a row is selected for.
enum {
    ROLE_PLAIN = 1 << 0,  // it is of the period
    ROLE_COHORT = 1 << 1, // it started in the period: for the survival estimates
    ROLE_OPEN = 1 << 2,   // it is counted among the open ones
};

ResponseGroup *response_group_new(void) G_GNUC_WARN_UNUSED_RESULT;
void response_group_free(ResponseGroup *group);

// business_ms: to the end or to now, in the calendar of the channel that the row is seen from;
// DURATION_NONE without one.
void response_group_add_wait(ResponseGroup *group, const WaitRow *row, guint roles, Id channel_id,
                             gint64 business_ms, Instant now);

// An episode: the lengths to its first and last resolution and of its open time, up to now where
// they still run.
typedef struct {
    gint64 elapsed[RESOLUTIONS];
    gint64 business[RESOLUTIONS]; // DURATION_NONE
    gboolean is_ended[RESOLUTIONS];
    gboolean is_open;
    gint64 reopens;
} ResolutionRow;

void response_group_add_resolution(ResponseGroup *group, const ResolutionRow *row, guint roles);
