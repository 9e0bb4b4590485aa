// What is told on the live streams once and not kept: presence, counts, progress. A bounded queue
// between whoever tells and the live thread; used by desk/live_events alone, under its mutex.
#pragma once

#include <glib.h>

#include "base/id.h"

typedef struct {
    GBytes *bytes;
    Id owner;           // whose streams get it; 0: everybody's
    Id conversation_id; // that must be visible; 0: none
} Told;

GPtrArray *live_told_new(void) G_GNUC_WARN_UNUSED_RESULT; // of Told

// "event: live" with this line of JSON; dropped when 4,000 wait.
void live_told_add(GPtrArray *told, Id owner, Id conversation_id, const char *json);
