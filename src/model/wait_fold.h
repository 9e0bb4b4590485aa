// Waits and episodes as a fold over the events of a conversation, or of a few that were merged,
// joined or split with each other, in the order (occurred_at, id) (metrics.md "Waits"). The one
// definition of what the tables of waits must hold. Used by desk/wait_projection and by explain.
// Pure.
#pragma once

#include "model/wait_lane.h"

typedef struct {
    Id id;
    Instant waits_from;
} WaitChannel;

// The channels' settings that the fold needs; a channel that is not listed counts from ever.
typedef struct {
    const WaitChannel *channels;
    gsize count;
} WaitRules;

typedef struct {
    GPtrArray *lanes; // of WaitLane with messages, by conversation id
} WaitFold;

// events: of Event, all of those conversations, in any order; borrowed.
WaitFold *wait_fold_new(const GPtrArray *events, const WaitRules *rules) G_GNUC_WARN_UNUSED_RESULT;
void wait_fold_free(WaitFold *fold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaitFold, wait_fold_free)

// The wait of that id with its messages, or NULL. Borrowed.
const Wait *wait_fold_find(const WaitFold *fold, Id wait_id);
