#include "foreign/record.h"

#include <string.h>

#include "base/clock.h"

const json_t *record_get(const json_t *object, const char *path) {
    g_auto(GStrv) words = g_strsplit(path, ".", -1);
    for (char **word = words; *word != NULL && object != NULL; word++)
        object = json_object_get(object, *word);
    return object;
}

const char *record_text(const json_t *object, const char *path) {
    const char *text = json_string_value(record_get(object, path));
    return text != NULL && *text != '\0' ? text : NULL;
}

char *record_id(const json_t *object, const char *path) {
    const json_t *value = record_get(object, path);
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    const char *text = record_text(object, path);
    return text != NULL && strlen(text) <= 100 ? g_strdup(text) : NULL;
}

gboolean record_is_true(const json_t *object, const char *path) {
    return json_is_true(record_get(object, path));
}

void record_set(json_t *record, const char *name, const char *value) {
    if (value != NULL)
        json_object_set_new(record, name, json_string(value));
}

json_t *record_person(const char *id, const char *address, const char *name) {
    json_t *person = json_object();
    record_set(person, "id", id);
    record_set(person, "address", address != NULL ? address : "");
    record_set(person, "name", name);
    return person;
}

char *record_full_name(const char *first, const char *last) {
    g_autofree char *both =
        g_strjoin(" ", first != NULL ? first : "", last != NULL ? last : "", NULL);
    g_strstrip(both);
    return *both != '\0' ? g_steal_pointer(&both) : NULL;
}

void record_set_instant(json_t *record, const char *name, const json_t *value) {
    const char *text = json_string_value(value);
    gint64 seconds = json_integer_value(value);
    if (json_is_real(value))
        seconds = (gint64)CLAMP(json_real_value(value), 0, 253402300799.0);
    if (text != NULL && *text != '\0' && strspn(text, "0123456789") == strlen(text))
        seconds = g_ascii_strtoll(text, NULL, 10);
    else if (text != NULL)
        record_set(record, name, text);
    if (seconds <= 0 || seconds > G_GINT64_CONSTANT(253402300799))
        return;
    g_autofree char *instant = instant_format(seconds * 1000);
    record_set(record, name, instant);
}

// One mailbox: what stands in angle brackets is the address, what stands before them the name.
static void add_party(json_t *parties, const char *start, gsize length) {
    g_autofree char *one = g_strstrip(g_strndup(start, length));
    char *open = strrchr(one, '<');
    char *close = open != NULL ? strchr(open, '>') : NULL;
    if (close != NULL) {
        *open = *close = '\0';
        char *name = g_strstrip(one);
        gsize end = strlen(name);
        if (end > 1 && name[0] == '"' && name[end - 1] == '"') {
            name[end - 1] = '\0';
            name++;
        }
        json_array_append_new(
            parties, record_person(NULL, g_strstrip(open + 1), *name != '\0' ? name : NULL));
    } else if (*one != '\0') {
        json_array_append_new(parties, record_person(NULL, one, NULL));
    }
}

json_t *record_parties(const char *text) {
    json_t *parties = json_array();
    gboolean is_quoted = FALSE;
    const char *start = text;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (*at == '"')
            is_quoted = !is_quoted;
        if (*at != ',' || is_quoted)
            continue;
        add_party(parties, start, (gsize)(at - start));
        start = at + 1;
    }
    if (start != NULL)
        add_party(parties, start, strlen(start));
    return parties;
}

json_t *record_party_list(const json_t *texts) {
    json_t *parties = json_array();
    size_t at;
    const json_t *item;
    json_array_foreach(texts, at, item) {
        if (json_is_string(item))
            add_party(parties, json_string_value(item), json_string_length(item));
    }
    return parties;
}

json_t *record_message_ids(const char *text) {
    json_t *ids = json_array();
    g_auto(GStrv) words = g_strsplit_set(text != NULL ? text : "", " \t\r\n<>,", -1);
    for (char **word = words; *word != NULL; word++)
        if (strchr(*word, '@') != NULL)
            json_array_append_new(ids, json_string(*word));
    return ids;
}

const char *record_word(const RecordWord *words, const char *from) {
    for (; from != NULL && words->from != NULL; words++)
        if (g_ascii_strcasecmp(words->from, from) == 0)
            return words->to;
    return NULL;
}

void record_set_priority(json_t *state, const char *word) {
    static const RecordWord numbers[] = {{"low", "-1"}, {"normal", "0"}, {"medium", "0"},
                                         {"high", "1"}, {"urgent", "2"}, {NULL, NULL}};
    const char *number = record_word(numbers, word);
    if (number != NULL)
        json_object_set_new(state, "priority", json_integer(g_ascii_strtoll(number, NULL, 10)));
}

void record_learn(ForeignReading *reading, const char *kind, const char *id, json_t *known) {
    json_t *kinds = json_object_get(reading->book, kind);
    if (kinds == NULL) {
        kinds = json_object();
        json_object_set_new(reading->book, kind, kinds);
    }
    json_object_set_new(kinds, id, known);
}

json_t *record_known(const ForeignReading *reading, const char *kind, const char *id) {
    return id != NULL ? json_object_get(json_object_get(reading->book, kind), id) : NULL;
}

void record_skip(ForeignReading *reading, const char *what) {
    json_int_t count = json_integer_value(json_object_get(reading->skipped, what));
    json_object_set_new(reading->skipped, what, json_integer(count + 1));
}

json_t *record_attachment(const char *name, const char *type, const char *path,
                          gboolean is_inline) {
    json_t *attachment = json_object();
    record_set(attachment, "name", name);
    record_set(attachment, "type", type);
    record_set(attachment, "path", path);
    if (is_inline)
        json_object_set_new(attachment, "is_inline", json_true());
    return attachment;
}
