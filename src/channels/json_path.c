#include "channels/json_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define PART_BYTES_MAX 100
#define SECONDS_MAX 100000000000 // greater numbers are milliseconds

json_t *json_body_parse(GBytes *body, GError **error) {
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    json_error_t failure;
    json_t *json = json_loadb(text != NULL ? text : "", length, 0, &failure);
    if (json_is_object(json))
        return json;
    json_decref(json);
    error_set(error, ERROR_INVALID, "json_invalid", "the body is no JSON object (line %d)",
              json == NULL ? failure.line : 1);
    return NULL;
}

static const json_t *part_find(const json_t *json, const char *part) {
    if (!json_is_array(json))
        return json_object_get(json, part);
    char *end;
    unsigned long at = strtoul(part, &end, 10);
    return *end == '\0' && g_ascii_isdigit(*part) ? json_array_get(json, at) : NULL;
}

const json_t *json_path_find(const json_t *json, const char *path) {
    while (*path != '\0' && json != NULL) {
        char part[PART_BYTES_MAX + 1];
        gsize length = strcspn(path, ".");
        if (length > PART_BYTES_MAX)
            return NULL;
        memcpy(part, path, length);
        part[length] = '\0';
        json = part_find(json, part);
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return json;
}

const char *json_path_string(const json_t *json, const char *path) {
    return json_string_value(json_path_find(json, path));
}

char *json_path_text(const json_t *json, const char *path) {
    const json_t *value = json_path_find(json, path);
    if (json_is_string(value))
        return json_string_length(value) > 0 ? g_strdup(json_string_value(value)) : NULL;
    if (json_is_integer(value))
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)json_integer_value(value));
    return json_is_boolean(value) ? g_strdup(json_is_true(value) ? "true" : "false") : NULL;
}

gint64 json_path_integer(const json_t *json, const char *path, gint64 otherwise) {
    const json_t *value = json_path_find(json, path);
    return json_is_integer(value) ? (gint64)json_integer_value(value) : otherwise;
}

static Instant instant_from_number(double number) {
    if (!(number > 0 && number < 1e14))
        return INSTANT_NONE;
    return (Instant)(number > SECONDS_MAX ? number : number * 1000);
}

Instant json_path_instant(const json_t *json, const char *path) {
    const json_t *value = json_path_find(json, path);
    if (json_is_number(value))
        return instant_from_number(json_number_value(value));
    const char *text = json_string_value(value);
    if (text == NULL)
        return INSTANT_NONE;
    char *end;
    double number = g_ascii_strtod(text, &end);
    return *end == '\0' && *text != '\0' ? instant_from_number(number) : instant_parse(text, NULL);
}

GBytes *json_to_bytes(const json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}
