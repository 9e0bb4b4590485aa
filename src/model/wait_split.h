// Parting a wait by what had been received: a reply or a resolution concerns only messages that had
// been received before it (metrics.md Waits 2). Used by model/wait_lane alone. Pure.
#pragma once

#include "model/wait_lane.h"

// How an ending at an instant (when the reply was written, when it was resolved) meets a wait.
typedef enum { COVERS_NONE, COVERS_ALL, COVERS_SOME, COVERS_UNKNOWN } WaitCover;

WaitCover wait_cover(const Wait *wait, Instant at);

// Parts a wait of which some is covered: it keeps the covered messages, the others are a new open
// wait in the lane's list, which is returned; borrowed. The one with the older start keeps the
// kind, the other is of kind next. episode is theirs.
Wait *wait_split_uncovered(WaitLane *lane, Wait *wait, Episode *episode, Instant at);
