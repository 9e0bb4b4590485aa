// The tables of waits and episodes, kept in step with the event log within the writer's job
// (metrics.md). Called by desk/record for every new event, and by `dialogctl reports rebuild`. What
// it leaves in the tables is always what a rebuild from all events would leave, byte for byte.
#pragma once

#include "model/event.h"
#include "store/db.h"

// Brings wait, wait_channel, episode, wait_lane, wait_link and conversation.waiting_since in step
// with event, which has just been added to the log. Ordinarily a few statements; the conversation
// is folded again where the event is older than what was folded, or merges, joins or splits.
// Writer's thread, within its job.
gboolean wait_projection_apply(Db *db, const Event *event, GError **error);

// Drops all those rows and makes them again from the event log. Writer's thread, within its job.
gboolean wait_projection_rebuild(Db *db, GError **error);

// The same in jobs of bounded length, while others write: first the links, then part after part.
// *last is what to give as after next, 0 when all is done.
gboolean wait_projection_rebuild_links(Db *db, GError **error);
gboolean wait_projection_rebuild_part(Db *db, Id after, guint limit, Id *last, GError **error);
