// Drafts as answers show them. Used by drafts.c, by what answers with one conversation, and where a
// message is taken back.
#pragma once

#include <jansson.h>

#include "store/draft.h"

json_t *draft_json(Db *db, const Draft *draft) G_GNUC_WARN_UNUSED_RESULT;

// Those of a conversation (no alias) as the agent may see them: {own, shared, further: those of
// conversations merged into it, others: who else has begun one}. NULL with an error.
json_t *draft_json_of_conversation(Db *db, Id conversation_id, Id agent_id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
