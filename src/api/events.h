// Events as the stream shows them. Used by api/events.c for its routes, by web hooks out, and by
// dialogd.c, which hands the format to desk/live_events.
#pragma once

#include "base/json_text.h"
#include "model/event.h"

// One server-sent event: id (the sequence) and data (JSON).
void events_format(const Event *event, GString *out);

// Its members, without the braces.
void events_write_members(JsonText *text, const Event *event);

extern const char events_heartbeat[]; // a comment
