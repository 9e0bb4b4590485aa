// The refusal to send over what the writer has not seen (reliability.md F33): what was said in a
// conversation since. Used by desk/reply_write within the writer's job, so that nothing can come in
// between the look and the reply.
#pragma once

#include "store/db.h"

#define SEEN_GUARD_MAX 50 // messages that are told

// Where the writer stood.
typedef struct {
    Id conversation_id; // as the writer knows it; it may have been merged since
    Id seen;            // the last message that the writer saw
    Id agent_id;        // the writer: own messages are not news
} SeenPlace;

// Ids of messages of kept_id (which conversation_id leads to) that the writer has not seen, oldest
// first: of customers, and replies and notes of others. What machines say is no news. NULL with an
// error.
GArray *seen_guard_find(Db *db, const SeenPlace *place, Id kept_id,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
