// Who looks at a conversation, as answers show it. Used by presence.c and conversation_detail.c.
#pragma once

#include "api/call.h"

// Everybody but the caller: [{agent_id, typing, expires_at}]. Owned.
json_t *presence_json(const ApiCall *call, Id conversation_id) G_GNUC_WARN_UNUSED_RESULT;
