// Events as the stream shows them. Used by api/events.c for its routes and by dialogd.c, which
// hands the format to desk/live_events.
#pragma once

#include "model/event.h"

// One server-sent event: id (the sequence) and data (JSON).
void events_format(const Event *event, GString *out);

extern const char events_heartbeat[]; // a comment
