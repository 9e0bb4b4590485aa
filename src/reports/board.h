// The board of now: how many wait, since when the longest, and what was answered today, whole and
// by channel and team. The figures are those of response_times over today, so that both pages say
// the same. Used by /api/v1/reports/board. Reads only.
#pragma once

#include "base/json_text.h"
#include "reports/response_names.h"

// Writes an object. db is a reader within a snapshot; viewer as in WaitFilter. Today is the day of
// now in the zone. FALSE with an error (invalid: the zone; too many rows).
gboolean board_write(Db *db, const char *zone_name, Id viewer, Instant now, JsonText *text,
                     GError **error);
