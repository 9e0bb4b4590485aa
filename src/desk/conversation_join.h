// Threading joins conversations by itself: a late parent, or a mail that names mails of several.
// The older row is kept, the other becomes its alias. Writer jobs only.
#pragma once

#include "store/db.h"

// Joins two conversations (aliases followed); *kept is the row that stands for both. Nothing
// happens when they are one already, or when either was split by hand.
gboolean conversation_join(Db *db, Id one, Id other, Id *kept, GError **error);

// A provider's chat has another name now (Telegram: a group became a supergroup): its conversation
// goes on under that name, and one that was begun under it already is joined.
gboolean conversation_move_thread(Db *db, Id channel_id, const char *thread_key,
                                  const char *moved_to, GError **error);
