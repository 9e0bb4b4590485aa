// Status, people, priority and tags that a conversation had elsewhere, taken over once. Writer's
// thread. Private to foreign_write.
#pragma once

#include "desk/foreign_record.h"
#include "store/db.h"

// Agents are known by their address, teams by their name; whom nobody knows is a problem and left
// out.
gboolean foreign_settle_state(Db *db, const ForeignConversation *conversation, Id conversation_id,
                              json_t *problems, GError **error);
