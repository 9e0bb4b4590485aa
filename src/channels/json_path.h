// Looking into JSON of strangers: parsing with limits, and members by dotted paths
// ("message.from.id", "entry.0.text"). Used by the codecs. Never fails on a wrong shape: what is
// not there is NULL.
#pragma once

#include <jansson.h>

#include "base/clock.h"

// One JSON object from raw bytes (at most jansson's depth of 2048; NUL in texts, lone surrogates
// and numbers out of range are refused). NULL with an error (invalid).
json_t *json_body_parse(GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The value at the path, borrowed, or NULL. A path of "" is the value itself; parts of digits index
// lists.
const json_t *json_path_find(const json_t *json, const char *path);

// The text at the path, borrowed; NULL where there is no text.
const char *json_path_string(const json_t *json, const char *path);

// As text whether it is a text, an integer or a boolean (ids come both ways); NULL otherwise and
// for an empty text.
char *json_path_text(const json_t *json, const char *path) G_GNUC_WARN_UNUSED_RESULT;

// The integer at the path, or the given value where there is none.
gint64 json_path_integer(const json_t *json, const char *path, gint64 otherwise);

// ISO 8601 text, or seconds or milliseconds since 1970 as number or digits; else INSTANT_NONE.
Instant json_path_instant(const json_t *json, const char *path);

// Compact bytes of the value.
GBytes *json_to_bytes(const json_t *json) G_GNUC_WARN_UNUSED_RESULT;
