#include "api/field.h"

#include <string.h>

#include "base/error.h"

static gboolean wrong(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

static gboolean has_controls(const char *value, gboolean allows_lines) {
    for (const char *at = value; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (allows_lines && (character == '\n' || character == '\t' || character == '\r'))
            continue;
        if (g_unichar_iscntrl(character) || character == 0x2028 || character == 0x2029)
            return TRUE;
    }
    return FALSE;
}

gboolean field_check_line(const char *name, const char *value, glong low, glong high,
                          GError **error) {
    glong length = g_utf8_strlen(value, -1);
    if (has_controls(value, FALSE))
        return wrong(error, name, "must be one line without control characters");
    if (length >= low && length <= high)
        return TRUE;
    error_set(error, ERROR_INVALID, "field_invalid", "%s must have %ld to %ld characters", name,
              low, high);
    return FALSE;
}

gboolean field_check_text(const char *name, const char *value, glong high, GError **error) {
    if (has_controls(value, TRUE))
        return wrong(error, name, "must have no control characters");
    if (g_utf8_strlen(value, -1) <= high)
        return TRUE;
    error_set(error, ERROR_INVALID, "field_invalid", "%s has more than %ld characters", name, high);
    return FALSE;
}

gboolean field_check_email(const char *name, const char *value, GError **error) {
    const char *at = strrchr(value, '@');
    if (!field_check_line(name, value, 3, 254, error))
        return FALSE;
    if (at == NULL || at == value || at[1] == '\0' || strpbrk(value, " <>,;\"\\()") != NULL)
        return wrong(error, name, "must be an email address like anna@example.org");
    return TRUE;
}

gboolean field_read_id(const char *name, const json_t *value, gboolean is_optional, Id *id,
                       GError **error) {
    if (is_optional && json_is_null(value)) {
        *id = 0;
        return TRUE;
    }
    Id parsed = json_is_string(value) ? id_parse(json_string_value(value), NULL) : 0;
    if (parsed == 0)
        return wrong(error, name, "must be an id: decimal digits in a string");
    *id = parsed;
    return TRUE;
}

GArray *field_read_ids(const char *name, const json_t *value, gsize limit, GError **error) {
    if (!json_is_array(value) || json_array_size(value) > limit) {
        wrong(error, name, "must be a list of ids, not too long");
        return NULL;
    }
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    size_t at;
    const json_t *item;
    json_array_foreach(value, at, item) {
        Id id;
        if (!field_read_id(name, item, FALSE, &id, error))
            return NULL;
        g_array_append_val(ids, id);
    }
    return g_steal_pointer(&ids);
}

gboolean field_read_instant(const char *name, const json_t *value, Instant *instant,
                            GError **error) {
    if (json_is_null(value)) {
        *instant = INSTANT_NONE;
        return TRUE;
    }
    if (!json_is_string(value))
        return wrong(error, name, "must be an instant like 2026-11-23T06:03:30.123Z");
    Instant parsed = instant_parse(json_string_value(value), error);
    if (parsed == INSTANT_NONE)
        return FALSE;
    *instant = parsed;
    return TRUE;
}
