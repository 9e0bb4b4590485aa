#include "base/json_text.h"

#include <string.h>

void json_text_init(JsonText *text) {
    text->out = g_string_sized_new(4096);
    text->needs_comma = FALSE;
}

void json_text_clear(JsonText *text) {
    if (text->out != NULL)
        g_string_free(text->out, TRUE);
    text->out = NULL;
}

GBytes *json_text_take(JsonText *text) {
    GBytes *bytes = g_string_free_to_bytes(text->out);
    json_text_init(text);
    return bytes;
}

// Runs of plain bytes are copied at once; only quotes, backslashes and controls are escaped.
static void append_escaped(GString *out, const char *value) {
    const char *run = value;
    const char *at = value;
    for (; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7f)
            continue;
        g_string_append_len(out, run, at - run);
        if (byte == '"' || byte == '\\')
            g_string_append_printf(out, "\\%c", byte);
        else
            g_string_append_printf(out, "\\u%04x", byte);
        run = at + 1;
    }
    g_string_append_len(out, run, at - run);
}

static void append_string(GString *out, const char *value) {
    g_string_append_c(out, '"');
    if (g_utf8_validate(value, -1, NULL)) {
        append_escaped(out, value);
    } else {
        g_autofree char *valid = g_utf8_make_valid(value, -1);
        append_escaped(out, valid);
    }
    g_string_append_c(out, '"');
}

// The comma and the name before a value.
static void begin_value(JsonText *text, const char *name) {
    if (text->needs_comma)
        g_string_append_c(text->out, ',');
    text->needs_comma = TRUE;
    if (name == NULL)
        return;
    g_string_append_c(text->out, '"'); // names are ours: nothing to escape
    g_string_append(text->out, name);
    g_string_append_len(text->out, "\":", 2);
}

static void begin_nest(JsonText *text, const char *name, char bracket) {
    begin_value(text, name);
    g_string_append_c(text->out, bracket);
    text->needs_comma = FALSE;
}

static void end_nest(JsonText *text, char bracket) {
    g_string_append_c(text->out, bracket);
    text->needs_comma = TRUE;
}

void json_text_begin_object(JsonText *text, const char *name) {
    begin_nest(text, name, '{');
}

void json_text_end_object(JsonText *text) {
    end_nest(text, '}');
}

void json_text_begin_array(JsonText *text, const char *name) {
    begin_nest(text, name, '[');
}

void json_text_end_array(JsonText *text) {
    end_nest(text, ']');
}

void json_text_add_text(JsonText *text, const char *name, const char *value) {
    begin_value(text, name);
    if (value == NULL)
        g_string_append(text->out, "null");
    else
        append_string(text->out, value);
}

static void append_decimal(GString *out, gint64 value) {
    char digits[20];
    gsize at = sizeof digits;
    guint64 rest = value < 0 ? (guint64) - (value + 1) + 1 : (guint64)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        g_string_append_c(out, '-');
    g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

void json_text_add_int(JsonText *text, const char *name, gint64 value) {
    begin_value(text, name);
    append_decimal(text->out, value);
}

void json_text_add_bool(JsonText *text, const char *name, gboolean value) {
    begin_value(text, name);
    g_string_append(text->out, value ? "true" : "false");
}

void json_text_add_null(JsonText *text, const char *name) {
    begin_value(text, name);
    g_string_append(text->out, "null");
}

void json_text_add_id(JsonText *text, const char *name, Id value) {
    if (value == 0) {
        json_text_add_null(text, name);
        return;
    }
    begin_value(text, name);
    g_string_append_c(text->out, '"');
    append_decimal(text->out, value);
    g_string_append_c(text->out, '"');
}

void json_text_add_instant(JsonText *text, const char *name, Instant value) {
    if (value == INSTANT_NONE) {
        json_text_add_null(text, name);
        return;
    }
    g_autofree char *formatted = instant_format(value);
    begin_value(text, name);
    g_string_append_printf(text->out, "\"%s\"", formatted);
}

void json_text_add_hex(JsonText *text, const char *name, const void *data, gsize length) {
    if (data == NULL) {
        json_text_add_null(text, name);
        return;
    }
    begin_value(text, name);
    g_string_append_c(text->out, '"');
    for (gsize at = 0; at < length; at++)
        g_string_append_printf(text->out, "%02x", ((const guint8 *)data)[at]);
    g_string_append_c(text->out, '"');
}

void json_text_begin_raw(JsonText *text, const char *name) {
    begin_value(text, name);
}

void json_text_add_raw(JsonText *text, const char *name, const char *json) {
    begin_value(text, name);
    g_string_append(text->out, json != NULL && json[0] != '\0' ? json : "null");
}

void json_text_add_json(JsonText *text, const char *name, const json_t *json) {
    char *dumped = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    json_text_add_raw(text, name, dumped);
    free(dumped);
}
