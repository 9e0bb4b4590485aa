// Which conversation each event counts for, given what was merged, joined, split and undone among a
// few conversations (metrics.md "Waits", the last paragraph). What was undone has never been; what
// threading joined has always been one; a split moves messages, and what it moves is found out
// while folding. Used by model/wait_fold alone. Pure.
#pragma once

#include "model/wait_lane.h"

typedef struct WaitPlan WaitPlan;

// events (of Event) in the order (occurred_at, id); borrowed.
WaitPlan *wait_plan_new(const GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
void wait_plan_free(WaitPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaitPlan, wait_plan_free)

// The conversation that the event at this index counts for.
Id wait_plan_conversation(const WaitPlan *plan, guint index);

// The conversation that this one is part of, by threading or because a split was undone.
Id wait_plan_resolve(const WaitPlan *plan, Id conversation_id);

// A merge or split that was undone, or a split that has been worked into the plan.
gboolean wait_plan_is_void(const WaitPlan *plan, guint index);

// Further channels (of Id) that the message reached, or NULL. Borrowed.
const GArray *wait_plan_also(const WaitPlan *plan, Id message_id);

// Further conversations (of Id) where the event only ends waits, or NULL. Borrowed.
const GArray *wait_plan_echoes(const WaitPlan *plan, guint index);

// Works the split at this index into the plan; fold again from the beginning afterwards. from is
// the conversation it was split from, delivered the conversation that each event before counted
// for, waits (of Wait, with messages) those of from when it was split.
void wait_plan_split(WaitPlan *plan, guint index, Id from, const Id *delivered,
                     const GPtrArray *waits);
