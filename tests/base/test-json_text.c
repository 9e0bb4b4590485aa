#include "base/json_text.h"

static void test_a_list_of_objects_has_its_commas(void) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_begin_array(&text, "items");
    for (int at = 0; at < 2; at++) {
        json_text_begin_object(&text, NULL);
        json_text_add_id(&text, "id", at);
        json_text_add_bool(&text, "is", at == 1);
        json_text_end_object(&text);
    }
    json_text_end_array(&text);
    json_text_add_int(&text, "n", G_MININT64);
    json_text_add_text(&text, "next", NULL);
    json_text_add_instant(&text, "at", 0);
    json_text_add_hex(&text, "hash", "\x0f\xa0", 2);
    json_text_add_raw(&text, "raw", "[1]");
    json_text_end_object(&text);
    g_assert_cmpstr(text.out->str, ==,
                    "{\"items\":[{\"id\":null,\"is\":false},{\"id\":\"1\",\"is\":true}],"
                    "\"n\":-9223372036854775808,\"next\":null,\"at\":\"1970-01-01T00:00:00.000Z\","
                    "\"hash\":\"0fa0\",\"raw\":[1]}");
}

static void test_any_text_is_valid_json_again(void) {
    static const char *const texts[] = {
        "",         "plain", "\"\\/",   "\x01\x1f\x7f\n\t", "päivää 🙂",
        "\xff\xfe", "a\xc3", "<script>"};
    for (gsize at = 0; at < G_N_ELEMENTS(texts); at++) {
        g_auto(JsonText) text;
        g_autofree char *expected = g_utf8_make_valid(texts[at], -1);
        json_text_init(&text);
        json_text_begin_array(&text, NULL);
        json_text_add_text(&text, NULL, texts[at]);
        json_text_end_array(&text);
        json_t *json = json_loads(text.out->str, 0, NULL);
        g_assert_cmpstr(json_string_value(json_array_get(json, 0)), ==, expected);
        json_decref(json);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json_text/a-list-of-objects-has-its-commas",
                    test_a_list_of_objects_has_its_commas);
    g_test_add_func("/json_text/any-text-is-valid-json-again", test_any_text_is_valid_json_again);
    return g_test_run();
}
