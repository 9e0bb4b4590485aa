// The arithmetic of one wait (metrics.md "The event log is the source of truth"): its messages,
// start and end with their events, each opening interval counted, the calendar's versions, the rule
// version; folded again from the event log and compared with the row. Reads only.
#pragma once

#include "base/json_text.h"
#include "store/db.h"

// Writes an object. db is a reader within a snapshot. FALSE with an error (not_found).
gboolean wait_explain(Db *db, Id wait_id, Instant now, JsonText *text, GError **error);
