// Waits and episodes as values and columns of SQL: one place that knows their order. Used by
// store/wait alone.
#pragma once

#include "model/business_time.h"
#include "model/wait_lane.h"
#include "store/calendar.h"

// The columns that wait_row_read and episode_row_read take, of the tables w and e.
#define WAIT_ROW_COLUMNS                                                                           \
    "w.id, w.conversation_id, w.episode_id, w.channel_id, w.kind, w.is_first_ever, w.started_at, " \
    "w.snoozed_ms, w.bot_ms, w.rule_ms, w.campaign_ms, w.survey_ms, w.fetch_lag_ms, "              \
    "w.message_count, w.last_received_at, w.last_event_id"
#define WAIT_ROW_SIZE 16

#define EPISODE_ROW_COLUMNS                                                                        \
    "e.id, e.conversation_id, e.channel_id, e.number, e.began_by, e.started_at, e.first_wait_id, " \
    "e.first_response_ms, e.first_resolved_at, e.last_resolved_at, e.first_resolved_event_id, "    \
    "e.last_resolved_event_id, e.resolved_by, e.assignee_at_resolution, e.team_at_resolution, "    \
    "e.reopens, e.open_since, e.open_spans, e.merged_into"
#define EPISODE_ROW_SIZE 19

// From the columns that begin at first; an open wait, without messages.
Wait *wait_row_read(DbRows *rows, int first) G_GNUC_WARN_UNUSED_RESULT;
Episode *episode_row_read(DbRows *rows, int first) G_GNUC_WARN_UNUSED_RESULT;

// "100-200,300-400" and back.
char *open_spans_format(const GArray *spans) G_GNUC_WARN_UNUSED_RESULT;
void open_spans_parse(const char *text, GArray *spans);

// Adds the row, or changes what can change of it.
gboolean wait_row_save(Db *db, const Wait *wait, CalendarShelf *calendars, GError **error);
gboolean episode_row_save(Db *db, const Episode *episode, CalendarShelf *calendars, GError **error);

// The business columns of an episode.
typedef struct {
    DbValue first, last, open;
} EpisodeBusiness;

gboolean episode_row_measure(const Episode *episode, CalendarShelf *calendars,
                             EpisodeBusiness *business, GError **error);

// Business time of a span in a channel's calendar, NULL without one; and the version in force at
// its end.
gboolean wait_row_measure(CalendarShelf *calendars, Id channel_id, Instant from, Instant to,
                          DbValue *business, DbValue *version, GError **error);
