// Bodies that nobody honest sends (reliability.md W09-W11), and the shared payloads, which every
// kind must take.
#include "cases.h"

#include <string.h>

#include "base/error.h"
#include "channels/registry.h"

static GPtrArray *decode(const char *kind, const char *text, gsize length, GError **error) {
    g_autoptr(ChannelConfig) config = case_config_new(kind, NULL);
    g_autoptr(GBytes) body = g_bytes_new(text, length);
    return registry_find(kind)->decode(body, config, error);
}

static void check_refused(const char *kind, const char *text, gsize length) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = decode(kind, text, length, &error);
    g_assert_null(list);
    g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
}

#define IN_TEXT(inside)                                                                            \
    "{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":{\"id\":2},\"date\":1,"               \
    "\"text\":" inside "}}"

static void test_what_is_no_json_object_is_refused(void) {
    static const char *const bodies[] = {
        "",
        " ",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}x",
        "{\"a\":1e999}",
        "{\"a\":12345678901234567890}",
        IN_TEXT("\"\\u0000\""),
        IN_TEXT("\"\\ud800\""),
        IN_TEXT("\"\\udc00x\""),
        IN_TEXT("\"\xff\""),
        IN_TEXT("\"\xed\xa0\x80\""),
        IN_TEXT("NaN"),
        "\xef\xbb\xbf{}",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(bodies); at++) {
        check_refused("telegram", bodies[at], strlen(bodies[at]));
        check_refused("generic", bodies[at], strlen(bodies[at]));
    }
    check_refused("telegram", "{\"update_id\":1}\0", 16);
}

static void test_depth_costs_a_refusal_and_no_stack(void) {
    GString *body = g_string_new("{\"update_id\":1,\"message\":");
    for (guint at = 0; at < 100000; at++)
        g_string_append(body, "[{\"a\":");
    check_refused("telegram", body->str, body->len);
    check_refused("generic", body->str, body->len);
    g_string_free(body, TRUE);
}

static void test_a_million_keys_are_read_in_time(void) {
    GString *body = g_string_new("{\"update_id\":1");
    for (guint at = 0; at < 100000; at++)
        g_string_append_printf(body, ",\"k%u\":0,\"update_id\":%u", at, at);
    g_string_append_c(body, '}');
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = decode("telegram", body->str, body->len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 0);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    g_string_free(body, TRUE);
}

// Every member of every recorded body, replaced by something of another type.
static const char *const wrong_values[] = {"null",
                                           "true",
                                           "-1",
                                           "\"x\"",
                                           "[]",
                                           "{}",
                                           "[[1]]",
                                           "9223372036854775807",
                                           "-9223372036854775808"};

static void try_all(const char *kind, json_t *root, const ChannelConfig *config) {
    g_autoptr(GBytes) body = case_bytes(root);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = registry_find(kind)->decode(body, config, &error);
    g_assert_true((list == NULL) == (error != NULL));
}

static void replace_each(const char *kind, json_t *root, const ChannelConfig *config) {
    g_autoptr(GPtrArray) stack = g_ptr_array_new();
    g_ptr_array_add(stack, root);
    while (stack->len > 0) {
        json_t *object = g_ptr_array_remove_index(stack, stack->len - 1);
        json_t *members = json_copy(object);
        const char *name;
        json_t *value;
        json_object_foreach(members, name, value) {
            for (gsize at = 0; at < G_N_ELEMENTS(wrong_values); at++) {
                json_object_set_new(object, name,
                                    json_loads(wrong_values[at], JSON_DECODE_ANY, NULL));
                try_all(kind, root, config);
            }
            json_object_set(object, name, value);
            json_t *inner = json_is_array(value) ? json_array_get(value, 0) : value;
            if (json_is_object(inner))
                g_ptr_array_add(stack, inner);
        }
        json_decref(members);
    }
}

static void test_members_of_wrong_types_do_no_harm(gconstpointer data) {
    const char *kind = data;
    g_autofree char *relative = g_strconcat("channels/", kind, NULL);
    g_autofree char *directory = case_path(relative);
    g_autoptr(GPtrArray) names = case_names(directory);
    g_autoptr(ChannelConfig) config = case_config_new(kind, NULL);
    for (guint at = 0; at < names->len; at++) {
        g_autofree char *path = g_strdup_printf("%s/%s.json", directory, (char *)names->pdata[at]);
        json_t *json = case_load(path);
        replace_each(kind, json, config);
        json_decref(json);
    }
}

static void test_bytes_changed_at_random_do_no_harm(gconstpointer data) {
    const char *kind = data;
    g_autofree char *relative = g_strconcat("channels/", kind, NULL);
    g_autofree char *directory = case_path(relative);
    g_autoptr(GPtrArray) names = case_names(directory);
    for (guint round = 0; round < 5000; round++) {
        g_autofree char *path =
            g_strdup_printf("%s/%s.json", directory,
                            (char *)names->pdata[g_test_rand_int_range(0, (gint32)names->len)]);
        g_autofree char *text = NULL;
        gsize length;
        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        for (gint change = g_test_rand_int_range(1, 6); change > 0; change--)
            text[g_test_rand_int_range(0, (gint32)length)] = (char)g_test_rand_int_range(0, 256);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) list = decode(kind, text, length, &error);
        g_assert_true((list == NULL) == (error != NULL));
    }
}

// What the shared payloads must give: the type of the first thing, "" for nothing at all.
static const struct {
    const char *file;
    const char *type;
    const char *text;
    guint attachments;
} shared[] = {
    {"telegram/in_text", "message", "Hello, my order 4711 is late", 0},
    {"telegram/in_text_entities_utf16", "message", "👍 see https://x.test now", 0},
    {"telegram/in_start_payload", "message", "/start order_4711", 0},
    {"telegram/in_photo_caption", "message", "broken part", 1},
    {"telegram/in_album_part1", "message", "two pictures", 1},
    {"telegram/in_album_part2", "message", "", 1},
    {"telegram/in_document", "message", "", 1},
    {"telegram/in_document_over_20MB", "message", "", 1},
    {"telegram/in_animation_sets_document_too", "message", "", 1},
    {"telegram/in_video", "message", "", 1},
    {"telegram/in_audio", "message", "", 1},
    {"telegram/in_voice", "message", "", 1},
    {"telegram/in_video_note", "message", "", 1},
    {"telegram/in_sticker", "message", "😀", 1},
    {"telegram/in_location", "message", "52.52, 13.405", 0},
    {"telegram/in_venue_sets_location_too", "message", "Cafe\nMain St 1", 0},
    {"telegram/in_contact", "message", "Bob\n+4915112345678", 0},
    {"telegram/in_reply_with_quote", "message", "this one", 0},
    {"telegram/in_forward", "message", "fwd", 0},
    {"telegram/in_edited", "edit", "Hello, my order 4712 is late", 0},
    {"telegram/in_reaction", "reaction", "👍", 0},
    {"telegram/in_reaction_removed", "reaction", "", 0},
    {"telegram/in_callback_query", "message", "solved:yes", 0},
    {"telegram/in_blocked", "customer_blocked", "", 0},
    {"telegram/in_group_message", "message", "@acme_bot help", 0},
    {"telegram/in_group_migrated", "thread_moved", "-1001234567890", 0},
    {"telegram/in_business_message", "message", "hi there", 0},
    {"telegram/in_business_deleted", "removal", "", 0},
    {"generic/in_message", "message", "Hello", 1},
    {"generic/in_message_updated", "edit", "Hello!", 0},
    {"generic/in_message_deleted", "removal", "", 0},
    {"generic/in_reaction", "reaction", "👍", 0},
    {"generic/in_status", "delivered", "", 0},
};

static void test_every_shared_payload_decodes(void) {
    for (gsize at = 0; at < G_N_ELEMENTS(shared); at++) {
        g_autofree char *name = g_strdup_printf("payloads/%s.json", shared[at].file);
        g_autofree char *path = case_shared_path(name);
        if (path == NULL)
            return;
        g_autofree char *kind = g_path_get_dirname(shared[at].file);
        g_autoptr(ChannelConfig) config = case_config_new(kind, NULL);
        json_t *json = case_load(path);
        g_autoptr(GBytes) body = case_bytes(json);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) list = registry_find(kind)->decode(body, config, &error);
        g_assert_no_error(error);
        g_test_message("%s", shared[at].file);
        g_assert_cmpuint(list->len, ==, 1);
        const Incoming *incoming = list->pdata[0];
        g_assert_cmpstr(incoming_type_name(incoming->type), ==, shared[at].type);
        g_assert_cmpstr(incoming->text, ==, shared[at].text);
        g_assert_cmpuint(incoming->attachments->len, ==, shared[at].attachments);
        json_decref(json);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hostile/what-is-no-json-object-is-refused",
                    test_what_is_no_json_object_is_refused);
    g_test_add_func("/hostile/depth-costs-a-refusal-and-no-stack",
                    test_depth_costs_a_refusal_and_no_stack);
    g_test_add_func("/hostile/a-million-keys-are-read-in-time",
                    test_a_million_keys_are_read_in_time);
    g_test_add_func("/shared/every-shared-payload-decodes", test_every_shared_payload_decodes);
    g_test_add_data_func("/telegram/members-of-wrong-types-do-no-harm", "telegram",
                         test_members_of_wrong_types_do_no_harm);
    g_test_add_data_func("/generic/members-of-wrong-types-do-no-harm", "generic",
                         test_members_of_wrong_types_do_no_harm);
    g_test_add_data_func("/telegram/bytes-changed-at-random-do-no-harm", "telegram",
                         test_bytes_changed_at_random_do_no_harm);
    g_test_add_data_func("/generic/bytes-changed-at-random-do-no-harm", "generic",
                         test_bytes_changed_at_random_do_no_harm);
    return g_test_run();
}
