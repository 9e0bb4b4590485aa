// Two lanes become one by a merge by hand (metrics.md "Waits", merge). Used by model/wait_fold
// alone. Pure.
#pragma once

#include "model/wait_lane.h"

// At this instant: ended waits of both stay as they are, the open ones become one with the older
// start, so do the open episodes; from ends with nothing open. Both have kept their messages.
void wait_merge_lanes(WaitLane *into, WaitLane *from, Instant at);
