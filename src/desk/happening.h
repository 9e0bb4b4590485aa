// Happenings that waited for a message which had not come yet: edits, removals, receipts,
// reactions, and messages that quote it (channels.md 0.5). Used by inbound for what comes in, by
// the outbox when the provider has named what went out. Writer jobs only.
#pragma once

#include "store/db.h"

// Applies all that waits for the message of that key.
gboolean happening_apply_kept(Db *db, Id channel_id, const char *message_key, GError **error);

// The message message_key quotes one that is not here yet: joined when it comes.
gboolean happening_keep_quote(Db *db, Id channel_id, const char *quoted_key,
                              const char *message_key, Instant received_at, GError **error);
