// JSON that the store keeps (message headers, event data) as the API shows it: ids are strings and
// instants ISO 8601, where the store has integers. Used by the resources and the event stream.
#pragma once

#include "base/json_text.h"

// Writes json as the value of name. Integers that are too large for a JavaScript number are ids;
// members named date, until or *_at are instants. Deeper than 16 levels becomes null.
void public_json_write(JsonText *text, const char *name, const json_t *json);

// The same of JSON text as it was read from the store; text that is none becomes {}.
void public_json_write_text(JsonText *text, const char *name, const char *stored);

// The members of the stored object alone, into the object that is being written.
void public_json_write_members(JsonText *text, const char *stored);
