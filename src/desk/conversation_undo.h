// What takes back a change of a conversation: its state before against its state after, as a change
// that the API takes (PATCH). Used by macros.
#pragma once

#include <jansson.h>

#include "store/db.h"

typedef struct ConversationState ConversationState;

// NULL with an error (conversation_unknown). id may be an alias.
ConversationState *conversation_state_read(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void conversation_state_free(ConversationState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConversationState, conversation_state_free)

// Members for all that differs now; {} where nothing does. NULL with an error.
json_t *conversation_state_undo(Db *db, const ConversationState *before,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
