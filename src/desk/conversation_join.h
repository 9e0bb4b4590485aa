// Threading joins conversations by itself: a late parent, or a mail that names mails of several.
// The older row is kept, the other becomes its alias. Writer jobs only.
#pragma once

#include "store/db.h"

// Joins two conversations (aliases followed); *kept is the row that stands for both. Nothing
// happens when they are one already, or when either was split by hand.
gboolean conversation_join(Db *db, Id one, Id other, Id *kept, GError **error);
