// Episodes of a lane: from the customer's first message (or ours, if we began) to resolution, with
// reopenings (metrics.md "Kinds", "Resolution"). Used by model/wait_lane alone. Pure.
#pragma once

#include "model/wait_ending.h"

gboolean wait_episode_is_open(const WaitLane *lane);

// Begins the lane's next episode.
void wait_episode_begin(WaitLane *lane, Id event_id, Instant at, Id channel_id, gboolean is_ours);

// Makes the wait one of the episode's: its first, or a next one.
void wait_episode_take(Wait *wait, Episode *episode);

// Ends the present episode and its open wait. What had not been received by then begins the next.
void wait_episode_resolve(WaitLane *lane, const Event *event);

// Opens the present episode again and ends the suspense of its wait. Opening by what a customer's
// message or the system does is no reopening: that message begins the next episode.
void wait_episode_reopen(WaitLane *lane, const Event *event);
