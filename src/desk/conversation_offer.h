// Conversations that may be one with this one: of the same customer with the same base subject (RFC
// 5256), or related by a match that did not count. Offered to the agent, who joins with one key;
// nothing joins by subject alone.
#pragma once

#include "store/db.h"

// At most 10 ids, newest first; owned array of Id. Reads only.
GArray *conversation_list_offers(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
