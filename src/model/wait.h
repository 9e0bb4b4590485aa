// Waits and episodes as metrics.md defines them: plain rows, folded from events by
// model/wait_lane and model/wait_fold, kept by store/wait, counted by reports/. Pure.
#pragma once

#include "base/id.h"

// Raised when a rule of metrics.md changes its meaning; each row says by which it was folded.
#define WAIT_RULE_VERSION 1

#define DURATION_NONE (-1) // absent; NULL in the store

typedef enum { WAIT_OPEN, WAIT_ANSWERED, WAIT_DISMISSED, WAIT_STATES } WaitState;
typedef enum { WAIT_FIRST, WAIT_NEXT, WAIT_KINDS } WaitKind;

const char *wait_state_name(WaitState state); // "open", "answered", "dismissed"
const char *wait_kind_name(WaitKind kind);    // "first", "next"
gboolean wait_state_parse(const char *name, WaitState *state);
gboolean wait_kind_parse(const char *name, WaitKind *kind);

// Who wrote messages that never end a wait; each has its own time (metrics.md Waits 3).
typedef enum {
    AUTOMATIC_BOT,
    AUTOMATIC_RULE,
    AUTOMATIC_CAMPAIGN,
    AUTOMATIC_SURVEY,
    AUTOMATICS,
} Automatic;

const char *automatic_name(Automatic automatic); // "bot", ...

// A customer message that is part of a wait, with how things stood when it came.
typedef struct {
    Id event_id;
    Id message_id;
    Instant occurred_at;
    Instant received_at;
    Id channel_id; // home then
    Id assignee_id;
    Id team_id;
    int priority;
    gint64 snoozed_mark; // the lane's snoozed time until then
    const GArray *also;  // of Id: further channels that it reached; borrowed while folding
} WaitMessage;

typedef struct {
    Automatic automatic;
    Instant occurred_at;
} WaitAutomatic;

typedef struct {
    Id id; // of the event that opened it
    Id conversation_id;
    Id episode_id;
    Id channel_id;
    WaitKind kind;
    gboolean is_first_ever;
    WaitState state;
    Instant started_at;
    Instant ended_at; // INSTANT_NONE while open
    gint64 snoozed_ms;
    gint64 automatic_ms[AUTOMATICS]; // DURATION_NONE: there was none
    gint64 delivery_lag_ms;          // DURATION_NONE: not answered, or not known
    gint64 fetch_lag_ms;
    gint64 message_count;
    Instant last_received_at;
    Id last_event_id;
    Id ended_event_id;
    Id resolved_event_id; // in suspense: resolved while a reply was under way
    Instant resolved_at;
    Id opening_message_id;
    Id answering_message_id;
    Id answered_by;
    Id answering_channel_id;
    Id assignee_at_start, assignee_at_end;
    Id team_at_start, team_at_end;
    int priority_at_start;

    // Only while folding from all events; NULL in a wait read from the store.
    GArray *messages;   // of WaitMessage, in order
    GArray *automatics; // of WaitAutomatic, in order
    GArray *channels;   // of Id: further channels that its messages reached, sorted

    gboolean is_changed; // since it was read from the store
    gboolean is_new;
} Wait;

Wait *wait_new(void) G_GNUC_WARN_UNUSED_RESULT;
void wait_free(Wait *wait);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wait, wait_free)

// Fills in what follows from the messages: id, start, lags, counts, how things stood at the start,
// the further channels and the automatic times. messages must not be empty.
void wait_derive(Wait *wait);

// Adds the message's channels to the wait's further ones.
void wait_add_channels(Wait *wait, const WaitMessage *message);

typedef struct {
    Instant from, to;
} OpenSpan;

// How it was resolved; at INSTANT_NONE: not.
typedef struct {
    Instant at;
    Id event_id;
    Id by; // agent
    Id assignee_id, team_id;
} Resolved;

typedef struct {
    Id id; // of the event that began it
    Id conversation_id;
    Id channel_id;
    gint64 number;
    gboolean is_ours; // began with a message of ours
    Instant started_at;
    Id first_wait_id;
    gint64 first_response_ms; // DURATION_NONE
    Instant first_resolved_at;
    Id first_resolved_event_id;
    Resolved last_resolved;
    Resolved before_last; // only while folding: should the last one be taken back
    gint64 reopens;
    Instant open_since; // INSTANT_NONE: resolved, or went on in another
    GArray *open_spans; // of OpenSpan: when it was open, up to the last resolution
    Id merged_into;

    gboolean is_changed;
    gboolean is_new;
} Episode;

Episode *episode_new(void) G_GNUC_WARN_UNUSED_RESULT;
void episode_free(Episode *episode);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Episode, episode_free)

// The sum of its open spans.
gint64 episode_open_ms(const Episode *episode);
