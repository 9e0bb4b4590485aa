// Messages as JSON, straight from rows. Used by api/messages.c, the timelines of customers and
// search. Reads only.
#pragma once

#include "api/page.h"
#include "base/json_text.h"

#define MESSAGE_TEXT_CUT 20000 // bytes of text that a list shows of one message

// Columns and joins of a query whose rows message_query_write_row takes; append WHERE ...
extern const char message_query_columns[];

// One message as an object; is_whole: all of its text and every header.
gboolean message_query_write_row(Db *db, DbRows *rows, gboolean is_whole, JsonText *text,
                                 GError **error);

// The page of a conversation's messages that ends before the cursor (the newest page without one),
// oldest first: members items and previous. Aliases of the conversation are followed by the caller.
gboolean message_query_write_page(Db *db, Id conversation_id, const Page *page, JsonText *text,
                                  GError **error);
