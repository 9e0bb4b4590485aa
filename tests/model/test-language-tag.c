#include "model/language_tag.h"

static void becomes(const char *text, const char *expected) {
    g_autofree char *tag = language_tag_normalize(text);
    g_assert_cmpstr(tag, ==, expected);
}

static void test_tags_get_their_usual_case(void) {
    becomes("FI", "fi");
    becomes("en-gb", "en-GB");
    becomes("ZH-hant-tw", "zh-Hant-TW");
    becomes("sv", "sv");
    becomes("es-419", "es-419");
}

static void test_what_is_no_tag_is_refused(void) {
    static const char *const wrong[] = {"",       "f",   "en_GB",       "-en",          "en-",
                                        "fi--FI", "1fi", "suomenkieli", "en-abcdefghi", "<b>"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        becomes(wrong[at], NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language-tag/tags-get-their-usual-case", test_tags_get_their_usual_case);
    g_test_add_func("/language-tag/what-is-no-tag-is-refused", test_what_is_no_tag_is_refused);
    return g_test_run();
}
