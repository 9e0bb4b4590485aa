// Checks of single values in requests, each with an error that names the field. Used by the
// resources while they decode; pure.
#pragma once

#include <jansson.h>

#include "base/id.h"

// One line: valid, no control characters, low to high characters. FALSE with an error (invalid).
gboolean field_check_line(const char *name, const char *value, glong low, glong high,
                          GError **error);

// Text of many lines, at most high characters.
gboolean field_check_text(const char *name, const char *value, glong high, GError **error);

// An address like a@b in one line, at most 254 bytes.
gboolean field_check_email(const char *name, const char *value, GError **error);

// A JSON string with an id; null is 0 where is_optional. FALSE with an error.
gboolean field_read_id(const char *name, const json_t *value, gboolean is_optional, Id *id,
                       GError **error);

// A JSON array of at most limit ids. Owned GArray of Id; NULL with an error.
GArray *field_read_ids(const char *name, const json_t *value, gsize limit,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// A JSON string with an instant; null is INSTANT_NONE.
gboolean field_read_instant(const char *name, const json_t *value, Instant *instant,
                            GError **error);
