// When a wait or an episode is due, and whether it was missed (metrics.md "SLA policies"): a pure
// function of the policies, the calendar and how the conversation stood, at every instant between
// its start and its end. No timer has a say in it.
#pragma once

#include "model/calendar.h"
#include "model/conversation_history.h"

// A wait (first or next response) or an episode (resolution).
typedef struct {
    Id id;
    SlaTarget target;
    Id conversation_id;
    Id channel_id; // whose calendar it is measured with
    Instant started_at;
    Instant ended_at; // INSTANT_NONE: goes on
} SlaSubject;

typedef struct {
    Id policy_id;
    Id version_id;
    Instant due_at;  // INSTANT_NONE: none in the next 400 days of opening hours, or no calendar
    Instant warn_at; // at risk from then on
    // From when on it is missed: of a subject that goes on it may lie ahead; INSTANT_NONE when it
    // ended in time, or is not due.
    Instant breach_at;
    Id team_id, assignee_id; // at breach_at: whom a breach is charged to
} SlaVerdict;

// FALSE: no policy has such a target for it. At each change of the conversation or of the policies
// the target is found anew, always from the subject's start. What was missed by the policy that
// held at that instant stays missed, whatever is changed afterwards.
gboolean sla_clock_judge(const SlaSubject *subject, const ConversationHistory *history,
                         const GPtrArray *versions, const Calendar *calendar, SlaVerdict *verdict);

typedef enum { SLA_OK, SLA_AT_RISK, SLA_BREACHED, SLA_STATES } SlaState;

const char *sla_state_name(SlaState state); // "ok", "at_risk", "breached"

// Of something that goes on, at the instant. due_at INSTANT_NONE: ok.
SlaState sla_state_at(Instant warn_at, Instant due_at, Instant now);
