// How far each agent has read a conversation. What is newer of the customer, or speaks to them, is
// unread; without a row, what came since the agent was added. Writer jobs; used by api and
// desk/read_projection.
#pragma once

#include "store/db.h"

// SQL: whether conversation c is unread by the agent of this placeholder.
#define CONVERSATION_UNREAD(agent)                                                                 \
    "coalesce((SELECT CASE WHEN c.last_inbound_id > x.mentioned_id THEN c.last_inbound_id ELSE "   \
    "x.mentioned_id END > x.read_id FROM conversation_read x WHERE x.agent_id = " agent            \
    " AND x.conversation_id = c.id), c.last_inbound_id > " agent ")"

// They have seen it up to that message (0: all there is). Never takes back what was read.
gboolean conversation_read_set(Db *db, Id agent_id, Id conversation_id, Id message_id,
                               GError **error);

// Its newest message counts as not seen, if there is one that could be unread.
gboolean conversation_read_unset(Db *db, Id agent_id, Id conversation_id, GError **error);

// That note speaks to them.
gboolean conversation_read_mention(Db *db, Id agent_id, Id conversation_id, Id message_id,
                                   GError **error);
