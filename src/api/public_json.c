#include "api/public_json.h"

#include <string.h>

#define EXACT_MAX (G_GINT64_CONSTANT(1) << 53)

// The last string that was passed: the member's name when a colon and a number follow.
typedef struct {
    const char *start;
    gsize length;
} LastString;

static gboolean ends_with(const LastString *name, const char *suffix) {
    gsize length = strlen(suffix);
    return name->length >= length &&
           strncmp(name->start + name->length - length, suffix, length) == 0;
}

static gboolean names_instant(const LastString *name) {
    return ends_with(name, "_at") || (name->length == 4 && ends_with(name, "date")) ||
           (name->length == 5 && ends_with(name, "until"));
}

// From the opening quote past the closing one.
static const char *pass_string(const char *at, LastString *last) {
    last->start = ++at;
    for (; *at != '"' && *at != '\0'; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
    last->length = (gsize)(at - last->start);
    return *at == '"' ? at + 1 : at;
}

static const char *write_number(GString *out, const char *at, const LastString *last) {
    gsize length = strspn(at, "0123456789+-.eE");
    gint64 value = 0;
    g_autofree char *digits = g_strndup(at, length);
    gboolean is_integer =
        g_ascii_string_to_signed(digits, 10, G_MININT64, G_MAXINT64, &value, NULL);
    g_autofree char *instant =
        is_integer && value <= EXACT_MAX && names_instant(last) ? instant_format(value) : NULL;
    if (instant != NULL)
        g_string_append_printf(out, "\"%s\"", instant);
    else if (is_integer && value > EXACT_MAX)
        g_string_append_printf(out, "\"%s\"", digits);
    else
        g_string_append_len(out, at, (gssize)length);
    return at + length;
}

void public_json_write_text(JsonText *text, const char *name, const char *stored) {
    LastString last = {"", 0};
    const char *at = stored != NULL && *stored != '\0' ? stored : "{}";
    json_text_begin_raw(text, name);
    while (*at != '\0') {
        const char *run = at;
        while (*at != '\0' && *at != '-' && !g_ascii_isdigit(*at))
            at = *at == '"' ? pass_string(at, &last) : at + 1;
        g_string_append_len(text->out, run, at - run);
        if (*at != '\0')
            at = write_number(text->out, at, &last);
    }
}

void public_json_write(JsonText *text, const char *name, const json_t *json) {
    char *stored = json_dumps(json, JSON_COMPACT);
    public_json_write_text(text, name, stored);
    free(stored);
}

json_t *id_to_json(Id id) {
    char text[ID_TEXT_SIZE];
    return id != 0 ? json_string(id_format(id, text)) : json_null();
}

json_t *instant_to_json(Instant instant) {
    if (instant == INSTANT_NONE)
        return json_null();
    g_autofree char *text = instant_format(instant);
    return json_string(text);
}
