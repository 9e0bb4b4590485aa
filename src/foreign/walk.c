#include <string.h>

#include "foreign/record.h"
#include "foreign/source.h"

#define DEPTH_MAX 16

const ForeignSource *const foreign_sources[] = {
    &foreign_zammad, &foreign_chatwoot, &foreign_freescout, &foreign_zendesk, NULL,
};

const ForeignSource *foreign_source_find(const char *name) {
    for (const ForeignSource *const *source = foreign_sources; *source != NULL; source++)
        if (strcmp((*source)->name, name) == 0)
            return *source;
    return NULL;
}

static gboolean has_members(const json_t *object, const char *members) {
    g_auto(GStrv) words = g_strsplit(members, " ", -1);
    for (char **word = words; *word != NULL; word++)
        if (json_object_get(object, *word) == NULL)
            return FALSE;
    return TRUE;
}

static void read_object(ForeignReading *reading, const json_t *object) {
    for (const ForeignShape *shape = reading->source->shapes; shape->members != NULL; shape++)
        if (shape->stage == reading->stage && has_members(object, shape->members)) {
            shape->read(reading, object);
            return;
        }
}

static void walk(ForeignReading *reading, const json_t *value, guint depth);

static void walk_object(ForeignReading *reading, const json_t *object, guint depth) {
    const char *name;
    json_t *member;
    const char *outside = reading->within;
    const char *conversation = reading->source->conversation;
    g_autofree char *id = NULL;
    read_object(reading, object);
    if (conversation != NULL && has_members(object, conversation) &&
        (id = record_id(object, "id")) != NULL)
        reading->within = id;
    json_object_foreach((json_t *)(guintptr)object, name, member) {
        walk(reading, member, depth);
    }
    reading->within = outside;
}

static void walk(ForeignReading *reading, const json_t *value, guint depth) {
    size_t at;
    const json_t *item;
    if (depth == DEPTH_MAX)
        return;
    if (json_is_object(value))
        walk_object(reading, value, depth + 1);
    json_array_foreach(value, at, item) {
        walk(reading, item, depth + 1);
    }
}

void foreign_walk(ForeignReading *reading, const json_t *value) {
    walk(reading, value, 0);
}
