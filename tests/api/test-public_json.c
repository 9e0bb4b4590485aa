#include "api/public_json.h"

static void shows(const char *stored, const char *expected) {
    g_auto(JsonText) text;
    json_text_init(&text);
    public_json_write_text(&text, NULL, stored);
    g_assert_cmpstr(text.out->str, ==, expected);
}

static void test_large_integers_are_ids_and_become_strings(void) {
    shows("{\"from\":455797414821923026,\"to\":null}",
          "{\"from\":\"455797414821923026\",\"to\":null}");
    shows("{\"messages\":[455797414821923026, 455797414821923027]}",
          "{\"messages\":[\"455797414821923026\", \"455797414821923027\"]}");
    shows("{\"priority\":2,\"share\":0.5,\"low\":-1}", "{\"priority\":2,\"share\":0.5,\"low\":-1}");
}

static void test_instants_are_known_by_their_names(void) {
    shows("{\"received_at\":1795413810123}", "{\"received_at\":\"2026-11-23T06:03:30.123Z\"}");
    shows("{\"date\": 0,\"until\":1000}",
          "{\"date\": \"1970-01-01T00:00:00.000Z\",\"until\":\"1970-01-01T00:00:01.000Z\"}");
    shows("{\"update\":5}", "{\"update\":5}");
}

static void test_digits_within_texts_stay(void) {
    shows("{\"text\":\"call 455797414821923026 or \\\"12\\\\\"}",
          "{\"text\":\"call 455797414821923026 or \\\"12\\\\\"}");
    shows("{\"a_at\":\"7\",\"b\":7}", "{\"a_at\":\"7\",\"b\":7}");
}

static void test_nothing_is_an_empty_object(void) {
    shows(NULL, "{}");
    shows("", "{}");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/public_json/large-integers-are-ids-and-become-strings",
                    test_large_integers_are_ids_and_become_strings);
    g_test_add_func("/public_json/instants-are-known-by-their-names",
                    test_instants_are_known_by_their_names);
    g_test_add_func("/public_json/digits-within-texts-stay", test_digits_within_texts_stay);
    g_test_add_func("/public_json/nothing-is-an-empty-object", test_nothing_is_an_empty_object);
    return g_test_run();
}
