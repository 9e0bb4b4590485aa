#include "base/error.h"
#include "base/id.h"

static void test_ids_rise_even_when_the_clock_goes_back(void) {
    clock_fix(2000000000000);
    Id first = id_next();
    clock_fix(1900000000000);
    Id second = id_next();
    clock_fix(INSTANT_NONE);
    g_assert_cmpint(second, >, first);
    g_assert_cmpint(id_instant(first), ==, 2000000000000);
}

static void test_only_decimal_ids_are_parsed(void) {
    static const char *const wrong[] = {"", "0", "-1", "9223372036854775808", "1x", " 1", "0x1"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(id_parse(wrong[at], &error), ==, 0);
        g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
    }
    g_assert_cmpint(id_parse("9223372036854775807", NULL), ==, G_MAXINT64);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/id/ids-rise-even-when-the-clock-goes-back",
                    test_ids_rise_even_when_the_clock_goes_back);
    g_test_add_func("/id/only-decimal-ids-are-parsed", test_only_decimal_ids_are_parsed);
    return g_test_run();
}
