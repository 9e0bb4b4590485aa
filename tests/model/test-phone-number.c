#include "model/phone_number.h"

static void becomes(const char *text, const char *country, const char *expected) {
    g_autofree char *number = phone_number_normalize(text, country, "0");
    g_assert_cmpstr(number, ==, expected);
}

static void test_one_number_has_one_form_however_it_is_typed(void) {
    static const char *const typed[] = {"+358401234567",
                                        "+358 40 123 4567",
                                        "00358 40 1234567",
                                        "040 123 4567",
                                        "040-123 45 67",
                                        "(040) 123.45.67",
                                        "  0401234567 ",
                                        "+358 (0)40 123 4567",
                                        "040\xc2\xa0"
                                        "1234567",
                                        "+358\xe2\x80\x91"
                                        "40\xe2\x80\x91"
                                        "1234567"};
    for (gsize at = 0; at < G_N_ELEMENTS(typed); at++)
        becomes(typed[at], "358", "+358401234567");
}

static void test_a_national_number_needs_a_country(void) {
    becomes("040 123 4567", NULL, NULL);
    becomes("040 123 4567", "", NULL);
    becomes("+46 8 123 456 78", NULL, "+46812345678");
}

static void test_what_is_no_number_is_refused(void) {
    static const char *const wrong[] = {"",
                                        "+",
                                        "00",
                                        "hello",
                                        "+0401234567",
                                        "12",
                                        "+123456",
                                        "1+234567",
                                        "040x1234567",
                                        "+358401234567;ext=9",
                                        "++358401234567",
                                        "+1234567890123456",
                                        "\xff",
                                        "<script>"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        becomes(wrong[at], "358", NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phone-number/one-number-has-one-form-however-it-is-typed",
                    test_one_number_has_one_form_however_it_is_typed);
    g_test_add_func("/phone-number/a-national-number-needs-a-country",
                    test_a_national_number_needs_a_country);
    g_test_add_func("/phone-number/what-is-no-number-is-refused",
                    test_what_is_no_number_is_refused);
    return g_test_run();
}
