#include "base/clock.h"

#include "base/error.h"

static void check_both_ways(Instant instant, const char *text) {
    g_autofree char *formatted = instant_format(instant);
    g_assert_cmpstr(formatted, ==, text);
    g_assert_cmpint(instant_parse(text, NULL), ==, instant);
}

static void test_instants_are_written_and_read(void) {
    check_both_ways(0, "1970-01-01T00:00:00.000Z");
    check_both_ways(-1, "1969-12-31T23:59:59.999Z");
    check_both_ways(1790000000123, "2026-09-21T14:13:20.123Z");
}

static void test_a_zone_is_understood(void) {
    g_assert_cmpint(instant_parse("2026-01-01T02:00:00+02:00", NULL), ==,
                    instant_parse("2026-01-01T00:00:00Z", NULL));
}

static void test_what_is_no_instant_is_refused(void) {
    static const char *const wrong[] = {"", "now", "2026-13-01T00:00:00Z", "2026-01-01"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(instant_parse(wrong[at], &error), ==, INSTANT_NONE);
        g_assert_cmpstr(error_code(error), ==, "instant_invalid");
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/instants-are-written-and-read", test_instants_are_written_and_read);
    g_test_add_func("/clock/a-zone-is-understood", test_a_zone_is_understood);
    g_test_add_func("/clock/what-is-no-instant-is-refused", test_what_is_no_instant_is_refused);
    return g_test_run();
}
