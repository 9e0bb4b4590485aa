// One conversation's waits, event by event: the rules 1-7 of metrics.md and Resolution. A lane is
// stepped in the order (occurred_at, id); model/wait_fold does that from all events, and
// desk/wait_projection from the row where it stood. Pure.
#pragma once

#include "model/event.h"
#include "model/wait.h"

typedef enum { BEGUN_BY_NOBODY, BEGUN_BY_CUSTOMER, BEGUN_BY_US } BegunBy;

typedef struct {
    Id conversation_id;
    Instant last_occurred_at; // of the last event stepped, and its id
    Id last_event_id;
    BegunBy begun_by;     // who wrote its first message, counted or not
    gint64 episodes;      // how many there were
    Episode *episode;     // the present one, open or resolved; of episode_list; or NULL
    Wait *wait;           // the open one; of wait_list; or NULL
    GPtrArray *suspended; // waits resolved while a reply was under way; of wait_list
    Id assignee_id;
    Id team_id;
    int priority;
    gint64 snoozed_ms;     // all snoozed time that is over; counted from where the lane was read
    Instant snoozed_since; // INSTANT_NONE
    GArray *replies;       // of Id: persons' replies that are written and not settled

    GPtrArray *wait_list;    // of Wait, owned: all that were made or read
    GPtrArray *episode_list; // of Episode, owned

    // The event could not be stepped from the row where the lane stood, because the messages of the
    // open wait are needed one by one: fold the conversation from all its events.
    gboolean needs_fold;
} WaitLane;

WaitLane *wait_lane_new(Id conversation_id) G_GNUC_WARN_UNUSED_RESULT;
void wait_lane_free(WaitLane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaitLane, wait_lane_free)

// What the lane needs to know besides the event.
typedef struct {
    Instant waits_from; // of the event's channel: messages from before count for nothing
    const GArray *also; // of Id: further channels that the event's message reached; or NULL
    gboolean is_echo; // the event belongs to another conversation and only ends a wait here: begins
                      // nothing
    gboolean keeps_messages; // folding from all events: keep the messages of waits
} WaitContext;

// TRUE for the types that change lanes; others need not be stepped.
gboolean wait_lane_is_concerned(EventType type);

// Steps the lane over one event. Merges, joins and splits are the fold's business.
void wait_lane_step(WaitLane *lane, const Event *event, const WaitContext *context);
