// Conversations as JSON: a page of a list, several by their ids, one. What is listed and in which
// order is store/conversation_list. Used by api/conversation_list.c, api/conversations.c and
// whoever answers with a conversation.
#pragma once

#include "api/call.h"
#include "base/json_text.h"
#include "store/conversation_list.h"

// Writes {"items": [...], "next": ..., "prev": ...} members into text. FALSE with an error.
gboolean conversation_query_write(Db *db, const ConversationList *list, JsonText *text,
                                  GError **error);

// The same members of those among the ids that viewer may see, by id; merged ones are left out.
gboolean conversation_query_write_ids(Db *db, const GArray *ids, Id me, Id viewer, JsonText *text,
                                      GError **error);

// One conversation as an object; merges followed. NULL with an error (not found:
// conversation_unknown).
json_t *conversation_query_load(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same with what it is to one agent: unread.
json_t *conversation_query_load_for(Db *db, Id id, Id me, GError **error) G_GNUC_WARN_UNUSED_RESULT;
