#include "base/clock.h"

static void is_written(Instant instant, const char *text) {
    g_autofree char *formatted = instant_format(instant);
    g_assert_cmpstr(formatted, ==, text);
}

static void test_instants_are_written_in_utc_with_milliseconds(void) {
    is_written(0, "1970-01-01T00:00:00.000Z");
    is_written(-1, "1969-12-31T23:59:59.999Z");
    is_written(951782400000, "2000-02-29T00:00:00.000Z");
    is_written(1795413810123, "2026-11-23T06:03:30.123Z");
    is_written(-62135596800000, "0001-01-01T00:00:00.000Z");
    is_written(253402300799999, "9999-12-31T23:59:59.999Z");
    is_written(253402300800000, "");
}

// Against GLib's own calendar, over ten thousand years.
static void test_every_day_is_glibs_day(void) {
    for (Instant at = -62135596800000; at < 253402300799999; at += 86400000LL * 11 + 12345) {
        g_autofree char *text = instant_format(at);
        g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, NULL);
        g_assert_nonnull(date);
        g_assert_cmpint(g_date_time_to_unix(date) * 1000 + g_date_time_get_microsecond(date) / 1000,
                        ==, at);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/instant/instants-are-written-in-utc-with-milliseconds",
                    test_instants_are_written_in_utc_with_milliseconds);
    g_test_add_func("/instant/every-day-is-glibs-day", test_every_day_is_glibs_day);
    return g_test_run();
}
