// JSON that the store keeps (message headers, event data) as the API shows it: ids are strings and
// instants ISO 8601, where the store has integers. Used by the resources and the event stream.
#pragma once

#include "base/json_text.h"

// An id as a string; 0 is null.
json_t *id_to_json(Id id) G_GNUC_WARN_UNUSED_RESULT;

// An instant in ISO 8601; INSTANT_NONE is null.
json_t *instant_to_json(Instant instant) G_GNUC_WARN_UNUSED_RESULT;

// Writes stored JSON text as the value of name, in one pass without a tree: integers too large for
// a JavaScript number are ids, members named date, until or *_at are instants. The text is what we
// wrote with jansson, so it is valid; NULL and "" are {}.
void public_json_write_text(JsonText *text, const char *name, const char *stored);

// The same of a tree.
void public_json_write(JsonText *text, const char *name, const json_t *json);
