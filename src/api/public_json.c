#include "api/public_json.h"

#include <string.h>

#define DEPTH_MAX 16
#define EXACT_MAX (G_GINT64_CONSTANT(1) << 53)

static gboolean names_instant(const char *name) {
    return name != NULL && (g_str_has_suffix(name, "_at") || strcmp(name, "date") == 0 ||
                            strcmp(name, "until") == 0);
}

static void write_scalar(JsonText *text, const char *name, const json_t *json) {
    gint64 number = json_integer_value(json);
    if (json_is_integer(json) && number > EXACT_MAX)
        json_text_add_id(text, name, number);
    else if (json_is_integer(json) && names_instant(name))
        json_text_add_instant(text, name, number);
    else
        json_text_add_json(text, name, json);
}

// Bounded by DEPTH_MAX; what is stored was written by us.
static void write_value(JsonText *text, const char *name, const json_t *json, guint depth) {
    const char *key;
    json_t *member;
    const json_t *item;
    size_t at;
    if (depth > DEPTH_MAX) {
        json_text_add_null(text, name);
    } else if (json_is_object(json)) {
        json_text_begin_object(text, name);
        json_t *object = (json_t *)(guintptr)json; // jansson's iterators know no const
        json_object_foreach(object, key, member) write_value(text, key, member, depth + 1);
        json_text_end_object(text);
    } else if (json_is_array(json)) {
        json_text_begin_array(text, name);
        json_array_foreach(json, at, item) write_value(text, NULL, item, depth + 1);
        json_text_end_array(text);
    } else {
        write_scalar(text, name, json);
    }
}

void public_json_write(JsonText *text, const char *name, const json_t *json) {
    write_value(text, name, json, 0);
}

static json_t *parse(const char *stored) {
    json_t *json = stored != NULL ? json_loads(stored, 0, NULL) : NULL;
    return json != NULL ? json : json_object();
}

void public_json_write_text(JsonText *text, const char *name, const char *stored) {
    json_t *json = parse(stored);
    write_value(text, name, json, 0);
    json_decref(json);
}

void public_json_write_members(JsonText *text, const char *stored) {
    json_t *json = parse(stored);
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value) write_value(text, key, value, 1);
    json_decref(json);
}
