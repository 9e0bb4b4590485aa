// Whatever stands in the files of other help desks, reading them never crashes: each fixture cut at
// every byte, and each of its values replaced by others.
#include <string.h>

#include "foreign/record.h"

typedef struct {
    guint messages;
    guint values;
} Seen;

static void found(gpointer data, const char *conversation, json_t *message) {
    Seen *seen = data;
    g_assert_nonnull(conversation);
    g_assert_true(json_is_string(json_object_get(message, "direction")));
    seen->messages++;
    json_decref(message);
}

// All stages over one value. Gives how many messages there were.
static guint read_all(const ForeignSource *source, const json_t *value) {
    Seen seen = {0};
    ForeignReading reading = {.source = source,
                              .book = json_object(),
                              .skipped = json_object(),
                              .number = "7",
                              .found = found,
                              .data = &seen};
    for (reading.stage = FOREIGN_PEOPLE; reading.stage < FOREIGN_STAGES; reading.stage++)
        foreign_walk(&reading, value);
    json_decref(reading.book);
    json_decref(reading.skipped);
    return seen.messages;
}

static void mutate(const ForeignSource *source, const json_t *root, json_t *node, guint *count);

static json_t *junk(guint kind) {
    g_autofree char *large = g_strnfill(100000, '<');
    switch (kind) {
    case 0:
        return json_null();
    case 1:
        return json_integer(-G_MAXINT64);
    case 2:
        return json_string("");
    case 3:
        return json_string(large);
    case 4:
        return json_pack("[[{s:[]}]]", "id");
    case 5:
        return json_pack("{s:{s:{}}}", "id", "name");
    case 6:
        return json_real(1e300);
    default:
        return json_true();
    }
}

static void mutate_object(const ForeignSource *source, const json_t *root, json_t *object,
                          guint *count) {
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    json_t *member;
    json_object_foreach(object, name, member) g_ptr_array_add(names, g_strdup(name));
    for (guint at = 0; at < names->len; at++) {
        json_t *kept = json_incref(json_object_get(object, names->pdata[at]));
        for (guint kind = 0; kind < 8; kind++) {
            json_object_set_new(object, names->pdata[at], junk(kind));
            read_all(source, root);
            (*count)++;
        }
        json_object_set(object, names->pdata[at], kept);
        mutate(source, root, kept, count);
        json_decref(kept);
    }
}

static void mutate(const ForeignSource *source, const json_t *root, json_t *node, guint *count) {
    size_t at;
    json_t *item;
    if (json_is_object(node))
        mutate_object(source, root, node, count);
    json_array_foreach(node, at, item) mutate(source, root, item, count);
}

typedef void (*OnFile)(const ForeignSource *source, const char *text, gsize length);

static void each_file(OnFile run) {
    for (const ForeignSource *const *source = foreign_sources; *source != NULL; source++) {
        g_autofree char *path =
            g_test_build_filename(G_TEST_DIST, "foreign", (*source)->name, NULL);
        g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
        g_assert_nonnull(directory);
        for (const char *name; (name = g_dir_read_name(directory)) != NULL;) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            g_autofree char *text = NULL;
            gsize length;
            if (strstr(name, ".json") == NULL)
                continue;
            g_assert_true(g_file_get_contents(file, &text, &length, NULL));
            run(*source, text, length);
        }
    }
}

static void cut(const ForeignSource *source, const char *text, gsize length) {
    for (gsize size = 0; size <= length; size++) {
        json_t *value = json_loadb(text, size, JSON_DISABLE_EOF_CHECK, NULL);
        if (value != NULL)
            read_all(source, value);
        json_decref(value);
    }
}

static void replace(const ForeignSource *source, const char *text, gsize length) {
    guint count = 0;
    json_t *value = json_loadb(text, length, JSON_DISABLE_EOF_CHECK, NULL);
    g_assert_nonnull(value);
    mutate(source, value, value, &count);
    g_assert_cmpuint(count, >, 0);
    json_decref(value);
}

static void files_cut_anywhere_are_read_as_far_as_they_go(void) {
    each_file(cut);
}

static void any_value_may_stand_anywhere(void) {
    each_file(replace);
}

static void depth_is_bounded(void) {
    GString *text = g_string_new(NULL);
    for (guint at = 0; at < 1000; at++)
        g_string_append(text, "{\"a\":[");
    for (guint at = 0; at < 1000; at++)
        g_string_append(text, "]}");
    json_t *value = json_loadb(text->str, text->len, 0, NULL);
    g_assert_nonnull(value);
    g_assert_cmpuint(read_all(&foreign_zendesk, value), ==, 0);
    json_decref(value);
    g_string_free(text, TRUE);
}

static void addresses_of_a_line_are_told_apart(void) {
    json_t *parties = record_parties("\"Harju, Aino\" <aino@example.org>, leo@kallio.example, ,");
    g_assert_cmpuint(json_array_size(parties), ==, 2);
    g_assert_cmpstr(record_text(json_array_get(parties, 0), "name"), ==, "Harju, Aino");
    g_assert_cmpstr(record_text(json_array_get(parties, 0), "address"), ==, "aino@example.org");
    g_assert_cmpstr(record_text(json_array_get(parties, 1), "address"), ==, "leo@kallio.example");
    json_decref(parties);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/foreign/files-cut-anywhere-are-read-as-far-as-they-go",
                    files_cut_anywhere_are_read_as_far_as_they_go);
    g_test_add_func("/foreign/any-value-may-stand-anywhere", any_value_may_stand_anywhere);
    g_test_add_func("/foreign/depth-is-bounded", depth_is_bounded);
    g_test_add_func("/foreign/addresses-of-a-line-are-told-apart",
                    addresses_of_a_line_are_told_apart);
    return g_test_run();
}
