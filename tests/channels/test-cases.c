// Every recorded body decodes to its reviewed expectation. REWRITE_EXPECT=1 writes the expectations
// anew: read the difference before it is committed.
#include "cases.h"

#include "channels/registry.h"

#include <stdlib.h>

static json_t *decoded_to_json(const ChannelKind *kind, const ChannelConfig *config, GBytes *body) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = kind->decode(body, config, &error);
    if (list == NULL)
        return json_pack("{s:s}", "error", error->message);
    json_t *json = json_array();
    for (guint at = 0; at < list->len; at++)
        json_array_append_new(json, incoming_to_json(list->pdata[at]));
    return json;
}

static json_t *config_load(const char *directory, const char *name) {
    g_autofree char *own = g_strdup_printf("%s/%s.config.json", directory, name);
    g_autofree char *common = g_strdup_printf("%s/config.json", directory);
    return case_load(g_file_test(own, G_FILE_TEST_EXISTS) ? own : common);
}

static void check_expectation(const char *path, json_t *given) {
    if (g_getenv("REWRITE_EXPECT") != NULL) {
        json_dump_file(given, path, JSON_INDENT(1) | JSON_SORT_KEYS);
        return;
    }
    json_t *expected = case_load(path);
    if (!json_equal(expected, given)) {
        char *text = json_dumps(given, JSON_INDENT(1) | JSON_SORT_KEYS);
        g_test_message("%s is not met; given:\n%s", path, text);
        free(text);
        g_test_fail();
    }
    json_decref(expected);
}

static void check_case(const ChannelKind *kind, const char *directory, const char *name) {
    g_autofree char *in = g_strdup_printf("%s/%s.json", directory, name);
    g_autofree char *expect = g_strdup_printf("%s/%s.expect.json", directory, name);
    json_t *values = config_load(directory, name);
    g_autoptr(ChannelConfig) config = case_config_new(kind->name, values);
    json_t *json = case_load(in);
    g_autoptr(GBytes) body = case_bytes(json);
    json_t *given = decoded_to_json(kind, config, body);
    check_expectation(expect, given);
    json_decref(given);
    json_decref(json);
    json_decref(values);
}

static void test_recorded_bodies_decode_to_their_expectations(gconstpointer data) {
    const ChannelKind *kind = data;
    g_autofree char *relative = g_strconcat("channels/", kind->name, NULL);
    g_autofree char *directory = case_path(relative);
    g_autoptr(GPtrArray) names = case_names(directory);
    g_assert_cmpuint(names->len, >, 0);
    for (guint at = 0; at < names->len; at++)
        check_case(kind, directory, names->pdata[at]);
}

// Decoding the same body twice, and what JSON makes of it and back, is the same thing.
static void test_what_is_decoded_survives_json(gconstpointer data) {
    const ChannelKind *kind = data;
    g_autofree char *relative = g_strconcat("channels/", kind->name, NULL);
    g_autofree char *directory = case_path(relative);
    g_autoptr(GPtrArray) names = case_names(directory);
    for (guint at = 0; at < names->len; at++) {
        g_autofree char *path =
            g_strdup_printf("%s/%s.expect.json", directory, (char *)names->pdata[at]);
        json_t *list = case_load(path);
        for (gsize item = 0; item < json_array_size(list); item++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(Incoming) incoming = incoming_from_json(json_array_get(list, item), &error);
            g_assert_no_error(error);
            json_t *again = incoming_to_json(incoming);
            g_assert_true(json_equal(again, json_array_get(list, item)));
            json_decref(again);
        }
        json_decref(list);
    }
}

static void test_the_registry_is_sorted_and_complete(void) {
    const ChannelKind *const *kinds = registry_list();
    for (guint at = 0; kinds[at] != NULL; at++) {
        g_assert_true(registry_find(kinds[at]->name) == kinds[at]);
        g_assert_nonnull(kinds[at]->settings);
        g_assert_true(kinds[at]->verify == NULL || kinds[at]->decode != NULL);
        g_assert_true((kinds[at]->encode == NULL) == (kinds[at]->interpret == NULL));
        g_assert_true((kinds[at]->media == NULL) == (kinds[at]->decode_media == NULL));
        g_assert_true((kinds[at]->poll == NULL) == (kinds[at]->decode_poll == NULL));
    }
    g_assert_null(registry_find("pigeon"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry/the-registry-is-sorted-and-complete",
                    test_the_registry_is_sorted_and_complete);
    for (const ChannelKind *const *kind = registry_list(); *kind != NULL; kind++) {
        if ((*kind)->decode == NULL)
            continue;
        g_autofree char *cases =
            g_strdup_printf("/%s/recorded-bodies-decode-to-their-expectations", (*kind)->name);
        g_autofree char *json = g_strdup_printf("/%s/what-is-decoded-survives-json", (*kind)->name);
        g_test_add_data_func(cases, *kind, test_recorded_bodies_decode_to_their_expectations);
        g_test_add_data_func(json, *kind, test_what_is_decoded_survives_json);
    }
    return g_test_run();
}
