// JSON written straight into a buffer, for lists and streams where a json_t for each row would cost
// too much. Used by api, reports and the export. Commas are put by itself; the caller keeps objects
// and arrays balanced.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/id.h"

typedef struct {
    GString *out; // owned
    gboolean needs_comma;
} JsonText;

void json_text_init(JsonText *text);
void json_text_clear(JsonText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JsonText, json_text_clear)

// What was written, as bytes; text is empty afterwards and may be written to again.
GBytes *json_text_take(JsonText *text) G_GNUC_WARN_UNUSED_RESULT;

// name NULL: an element of an array or the whole text; else a member of an object.
void json_text_begin_object(JsonText *text, const char *name);
void json_text_end_object(JsonText *text);
void json_text_begin_array(JsonText *text, const char *name);
void json_text_end_array(JsonText *text);

// NULL writes null. Bytes that are no UTF-8 become replacement characters.
void json_text_add_text(JsonText *text, const char *name, const char *value);
void json_text_add_int(JsonText *text, const char *name, gint64 value);
void json_text_add_bool(JsonText *text, const char *name, gboolean value);
void json_text_add_null(JsonText *text, const char *name);
void json_text_add_id(JsonText *text, const char *name, Id value);           // a string; 0: null
void json_text_add_instant(JsonText *text, const char *name, Instant value); // ISO 8601; none: null
void json_text_add_hex(JsonText *text, const char *name, const void *data, gsize length);
// The comma and the name: the caller appends one value to out itself.
void json_text_begin_raw(JsonText *text, const char *name);
// Text that is already JSON; NULL or "" writes null.
void json_text_add_raw(JsonText *text, const char *name, const char *json);
void json_text_add_json(JsonText *text, const char *name, const json_t *json);
