// The search document of a message as its rows have it. Used for indexing again and by whoever
// changes a stored message.
#pragma once

#include "store/search.h"

// *document is owned by the caller; NULL when the message is not there or was removed. FALSE with
// an error (unavailable).
gboolean search_message_read(Db *db, Id message_id, SearchDocument **document, GError **error);
