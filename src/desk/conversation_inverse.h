// What undoes a change of a conversation: the members that PATCH takes, as they were. Made before
// the change; used by api and bulk changes.
#pragma once

#include "desk/conversation_change.h"

// A new object; JSON null when the change cannot be undone so (fields, "no reply needed"). NULL
// with an error.
json_t *conversation_inverse(Db *db, Id id, const ConversationChange *change,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
