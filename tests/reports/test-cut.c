// Days, weeks, months of a zone as keys of groups.
#include "../model/fixture_calendar.h"
#include "reports/cut.h"

static CutKey bucket(Cut cut, const char *zone_name, const char *utc) {
    g_autoptr(GTimeZone) zone = zone_find(zone_name, NULL);
    ZoneClock clock;
    zone_clock_init(&clock, zone);
    return cut_bucket(cut, instant_parse(utc, NULL), &clock);
}

static void key_is(Cut cut, const char *utc, const char *text, const char *from, const char *to) {
    CutKey key = bucket(cut, "Europe/Helsinki", utc);
    g_assert_cmpstr(key.text, ==, text);
    g_assert_cmpint(key.from, ==, instant_parse(from, NULL));
    g_assert_cmpint(key.to, ==, instant_parse(to, NULL));
}

static void test_days_are_those_of_the_zone(void) {
    key_is(CUT_DAY, "2026-11-22T22:30:00Z", "2026-11-23", "2026-11-22T22:00:00Z",
           "2026-11-23T22:00:00Z");
    key_is(CUT_DAY, "2026-03-29T12:00:00Z", "2026-03-29", "2026-03-28T22:00:00Z",
           "2026-03-29T21:00:00Z");
    key_is(CUT_DAY, "2026-10-25T12:00:00Z", "2026-10-25", "2026-10-24T21:00:00Z",
           "2026-10-25T22:00:00Z");
}

static void test_an_hour_of_the_long_night_is_there_twice(void) {
    key_is(CUT_HOUR, "2026-10-25T00:30:00Z", "2026-10-25T03:00+03:00", "2026-10-25T00:00:00Z",
           "2026-10-25T01:00:00Z");
    key_is(CUT_HOUR, "2026-10-25T01:30:00Z", "2026-10-25T03:00+02:00", "2026-10-25T01:00:00Z",
           "2026-10-25T02:00:00Z");
    CutKey kathmandu = bucket(CUT_HOUR, "Asia/Kathmandu", "2026-11-23T10:20:00Z");
    g_assert_cmpstr(kathmandu.text, ==, "2026-11-23T16:00+05:45");
    g_assert_cmpint(kathmandu.from, ==, instant_parse("2026-11-23T10:15:00Z", NULL));
    CutKey newfoundland = bucket(CUT_HOUR, "America/St_Johns", "2026-11-23T10:20:00Z");
    g_assert_cmpstr(newfoundland.text, ==, "2026-11-23T06:00-03:30");
}

static void test_weeks_are_those_of_iso_8601(void) {
    static const struct {
        const char *utc;
        const char *week;
    } cases[] = {{"2026-11-23T10:00:00Z", "2026-W48"}, {"2027-01-01T10:00:00Z", "2026-W53"},
                 {"2027-01-04T10:00:00Z", "2027-W01"}, {"2024-12-30T10:00:00Z", "2025-W01"},
                 {"2021-01-03T10:00:00Z", "2020-W53"}, {"2023-01-01T10:00:00Z", "2022-W52"}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++)
        g_assert_cmpstr(bucket(CUT_WEEK, "Europe/Helsinki", cases[at].utc).text, ==,
                        cases[at].week);
    key_is(CUT_WEEK, "2026-11-25T10:00:00Z", "2026-W48", "2026-11-22T22:00:00Z",
           "2026-11-29T22:00:00Z");
}

static void test_months_and_quarters_end_where_the_next_begin(void) {
    key_is(CUT_MONTH, "2026-12-31T21:59:59Z", "2026-12", "2026-11-30T22:00:00Z",
           "2026-12-31T22:00:00Z");
    key_is(CUT_MONTH, "2026-12-31T22:00:00Z", "2027-01", "2026-12-31T22:00:00Z",
           "2027-01-31T22:00:00Z");
    key_is(CUT_QUARTER, "2026-11-23T10:00:00Z", "2026-Q4", "2026-09-30T21:00:00Z",
           "2026-12-31T22:00:00Z");
    key_is(CUT_QUARTER, "2026-03-31T10:00:00Z", "2026-Q1", "2025-12-31T22:00:00Z",
           "2026-03-31T21:00:00Z");
}

static void test_cuts_have_the_names_of_the_api(void) {
    Cut cut;
    for (int at = 0; at < CUTS; at++) {
        g_assert_true(cut_parse(cut_name((Cut)at), &cut));
        g_assert_cmpint((int)cut, ==, at);
    }
    g_assert_false(cut_parse("colour", &cut));
    g_assert_false(cut_parse("", &cut));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cut/days-are-those-of-the-zone", test_days_are_those_of_the_zone);
    g_test_add_func("/cut/an-hour-of-the-long-night-is-there-twice",
                    test_an_hour_of_the_long_night_is_there_twice);
    g_test_add_func("/cut/weeks-are-those-of-iso-8601", test_weeks_are_those_of_iso_8601);
    g_test_add_func("/cut/months-and-quarters-end-where-the-next-begin",
                    test_months_and_quarters_end_where_the_next_begin);
    g_test_add_func("/cut/cuts-have-the-names-of-the-api", test_cuts_have_the_names_of_the_api);
    return g_test_run();
}
