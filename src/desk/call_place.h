// Where a logged call belongs: its customer, identity, channel and conversation, found or begun.
// Used by desk/call_log alone. Writer jobs only.
#pragma once

#include "desk/call_log.h"
#include "store/conversation.h"

typedef struct {
    Conversation conversation;
    Id identity_id;  // 0: no address is known
    Id channel_id;   // of the message
    gboolean is_new; // the conversation was begun for it
} CallPlace;

gboolean call_place_find(Db *db, const CallDraft *draft, CallPlace *place, GError **error);
