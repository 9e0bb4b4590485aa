// Merging by hand, splitting, moving and linking conversations, and their undoing; merging
// customers. All are events, so that waits can be folded again (metrics.md "Waits"). Writer jobs
// only.
#pragma once

#include "store/db.h"

// from becomes an alias of into. Errors: not_found, conflict (they are one already).
gboolean conversation_merge(Db *db, Id into, Id from, Id agent_id, GError **error);
// from stands for itself again with the messages that it had. Errors: not_found, conflict (it is
// not merged).
gboolean conversation_unmerge(Db *db, Id from, Id agent_id, GError **error);

// Moves these messages into a new conversation, *to. Threading joins neither by itself from then
// on. Errors: not_found, invalid (no message, all messages, or one of another conversation).
gboolean conversation_split(Db *db, Id id, const Id *messages, gsize count, Id agent_id, Id *to,
                            GError **error);
// All of to comes back. Errors: not_found, conflict (to was not split from id).
gboolean conversation_unsplit(Db *db, Id id, Id to, Id agent_id, GError **error);

// The channel that replies leave through from now on. Errors: not_found, invalid (another kind).
gboolean conversation_move(Db *db, Id id, Id channel_id, Id agent_id, GError **error);
// Back to the channel that it was moved from last. Errors: conflict (it was not moved).
gboolean conversation_unmove(Db *db, Id id, Id agent_id, GError **error);

// One person after all: the timeline of into shows both. Errors: not_found, conflict (they are one
// already).
gboolean customer_merge(Db *db, Id into, Id from, Id agent_id, GError **error);
gboolean customer_unmerge(Db *db, Id from, Id agent_id, GError **error);
