// How waits of a lane end: answered by a reply, dismissed by a resolution, or in suspense while a
// reply is under way (metrics.md Waits 2). Used by model/wait_lane alone. Pure.
#pragma once

#include "model/wait_split.h"

// The lane's episode of that id, or NULL.
Episode *wait_ending_find_episode(const WaitLane *lane, Id id);

// A qualifying reply, written at that instant, was accepted: ends what it covers, suspended or
// open.
void wait_ending_answer(WaitLane *lane, const Event *event, Instant written_at);

// The event resolves, or says that no reply is needed: ends what had been received of the open
// wait, or suspends it while a reply is under way. Returns what had not been received, which stays
// open, or NULL.
Wait *wait_ending_dismiss(WaitLane *lane, const Event *event);

// Dismisses the suspended waits, at their resolution, once no reply is under way any more.
void wait_ending_settle(WaitLane *lane);
