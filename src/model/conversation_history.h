// How conversations stood at any instant: team, assignee, priority and tags as a fold over their
// events, in the order (occurred_at, id). Conversations that were merged, joined or split are
// folded together, as absorbing and dividing move those things. Used by the SLA clock. Pure.
#pragma once

#include "model/event.h"
#include "model/sla_policy.h"

typedef struct {
    Instant from; // since when it stood so
    Id team_id;
    Id assignee_id;
    int priority;
    GArray *tags; // of Id
} ConversationState;

typedef struct ConversationHistory ConversationHistory;

// events: of Event, of all those conversations, in any order; borrowed only for the call.
ConversationHistory *conversation_history_new(const GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
void conversation_history_free(ConversationHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConversationHistory, conversation_history_free)

// Its state after all that happened up to the instant, that included. Never NULL; borrowed.
const ConversationState *conversation_history_at(const ConversationHistory *history,
                                                 Id conversation_id, Instant at);

// The first change after the instant, or INSTANT_NONE.
Instant conversation_history_next(const ConversationHistory *history, Id conversation_id,
                                  Instant after);

// The event of that type (sla_warned, sla_breached) about this wait or episode; 0: none.
Id conversation_history_find_notice(const ConversationHistory *history, EventType type,
                                    Id subject_id, SlaTarget target);

// TRUE for the types that it is folded from; others need not be given.
gboolean conversation_history_is_concerned(EventType type);
