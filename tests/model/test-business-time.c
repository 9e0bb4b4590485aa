// The rows of metrics.md's table that are about business time, the calendars of other projects'
// test suites, and the measure against a count of minutes.
#include "fixture_calendar.h"
#include "model/business_ages.h"

#define HOUR G_GINT64_CONSTANT(3600000)

static void measure_is(const Calendar *calendar, const char *from, const char *to,
                       gint64 expected) {
    g_assert_cmpint(business_time_measure(calendar, fixture_instant(from), fixture_instant(to)), ==,
                    expected);
}

static void test_a_weekend_does_not_count(void) {
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    Instant from = fixture_instant("2026-11-20T15:30:00");
    Instant to = fixture_instant("2026-11-23T08:30:00");
    g_assert_cmpint(to - from, ==, 65 * HOUR);
    g_assert_cmpint(business_time_measure(office, from, to), ==, HOUR);
}

static void test_a_target_is_due_at_the_least_instant_that_fulfils_it(void) {
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    Instant from = fixture_instant("2026-11-20T15:30:00");
    g_assert_cmpint(business_time_due(office, from, HOUR), ==,
                    fixture_instant("2026-11-23T08:30:00"));
    g_assert_cmpint(business_time_due(office, from, HOUR / 2), ==,
                    fixture_instant("2026-11-20T16:00:00"));
    g_assert_cmpint(business_time_due(office, from, HOUR / 2 + 1), ==,
                    fixture_instant("2026-11-23T08:00:00.001"));
    g_assert_cmpint(business_time_due(office, from, 0), ==, from);
}

static void test_a_night_of_clock_change_has_seven_or_nine_hours(void) {
    g_autoptr(Calendar) always =
        fixture_calendar("Europe/Helsinki", FIXTURE_DAILY("00:00", "24:00") "}");
    measure_is(always, "2026-03-28T22:00:00", "2026-03-29T06:00:00", 7 * HOUR);
    measure_is(always, "2026-10-24T22:00:00", "2026-10-25T06:00:00", 9 * HOUR);
    measure_is(always, "2026-03-29T00:00:00", "2026-03-30T00:00:00", 23 * HOUR);
    measure_is(always, "2026-10-25T00:00:00", "2026-10-26T00:00:00", 25 * HOUR);
}

static void test_office_hours_are_eight_hours_on_every_day(void) {
    g_autoptr(Calendar) daily =
        fixture_calendar("Europe/Helsinki", FIXTURE_DAILY("08:00", "16:00") "}");
    measure_is(daily, "2026-03-29T00:00:00", "2026-03-30T00:00:00", 8 * HOUR);
    measure_is(daily, "2026-10-25T00:00:00", "2026-10-26T00:00:00", 8 * HOUR);
}

static void test_a_missing_local_time_moves_and_a_doubled_one_counts_twice(void) {
    // On 2026-03-29 03:00-04:00 does not exist, on 2026-10-25 it exists twice.
    g_autoptr(Calendar) start =
        fixture_calendar("Europe/Helsinki", "{'week': {'sun': [['03:30', '05:00']]}}");
    measure_is(start, "2026-03-29T00:00:00", "2026-03-30T00:00:00", HOUR / 2);
    measure_is(start, "2026-10-25T00:00:00", "2026-10-26T00:00:00", 5 * HOUR / 2);
    g_autoptr(Calendar) end =
        fixture_calendar("Europe/Helsinki", "{'week': {'sun': [['02:00', '03:30']]}}");
    measure_is(end, "2026-03-29T00:00:00", "2026-03-30T00:00:00", 3 * HOUR / 2);
    measure_is(end, "2026-10-25T00:00:00", "2026-10-26T00:00:00", 5 * HOUR / 2);
}

static void test_an_overnight_interval_belongs_to_the_day_on_which_it_starts(void) {
    g_autoptr(Calendar) night =
        fixture_calendar("Europe/Helsinki", FIXTURE_DAILY("21:00", "02:00") "}");
    measure_is(night, "2026-11-20T23:00:00", "2026-11-21T01:00:00", 2 * HOUR);
    g_autoptr(Calendar) friday =
        fixture_calendar("Europe/Helsinki", "{'week': {'fri': [['22:00', '06:00']]}}");
    measure_is(friday, "2026-11-20T00:00:00", "2026-11-22T00:00:00", 8 * HOUR);
    measure_is(friday, "2026-11-21T00:00:00", "2026-11-22T00:00:00", 6 * HOUR);
}

static void test_a_lunch_break_does_not_count(void) {
    g_autoptr(Calendar) split = fixture_calendar(
        "Europe/Helsinki", "{'week': {'mon': [['12:00', '16:00'], ['08:00', '11:30']]}}");
    measure_is(split, "2026-11-23T11:00:00", "2026-11-23T12:30:00", HOUR);
}

static void test_a_closed_day_does_not_count(void) {
    g_autoptr(Calendar) daily = fixture_calendar(
        "Europe/Helsinki",
        FIXTURE_DAILY("08:00", "16:00") ", 'exceptions': [{'from': '2026-12-06', 'to': "
                                        "'2026-12-06', 'hours': []}]}");
    measure_is(daily, "2026-12-05T15:00:00", "2026-12-07T09:00:00", 2 * HOUR);
    g_autoptr(Calendar) finland = fixture_calendar(
        "Europe/Helsinki", FIXTURE_DAILY("08:00", "16:00") ", 'holidays': ['finland']}");
    measure_is(finland, "2026-12-05T15:00:00", "2026-12-07T09:00:00", 2 * HOUR);
}

static void test_a_span_is_integrated_across_versions(void) {
    g_autoptr(Calendar) calendar = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    json_t *hours = json_loads("{\"week\": {\"wed\": [[\"10:00\", \"18:00\"]]}}", 0, NULL);
    calendar_take_version(calendar, calendar_version_new(2, fixture_instant("2026-11-25T00:00:00"),
                                                         "Europe/Helsinki", hours, NULL));
    json_decref(hours);
    measure_is(calendar, "2026-11-24T15:00:00", "2026-11-25T11:00:00", 2 * HOUR);
    g_autoptr(GArray) list = business_time_list(calendar, fixture_instant("2026-11-24T15:00:00"),
                                                fixture_instant("2026-11-25T11:00:00"), 100);
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpint(g_array_index(list, Opening, 0).version->id, ==, 1);
    g_assert_cmpint(g_array_index(list, Opening, 1).version->id, ==, 2);
}

static void test_there_is_no_business_time_without_a_valid_calendar(void) {
    g_autoptr(Calendar) none = calendar_new(1, "none");
    g_assert_cmpint(business_time_measure(none, 0, HOUR), ==, BUSINESS_TIME_NONE);
    g_assert_cmpint(business_time_measure(NULL, 0, HOUR), ==, BUSINESS_TIME_NONE);
    g_assert_cmpint(business_time_due(NULL, 0, HOUR), ==, INSTANT_NONE);
    g_autoptr(Calendar) office = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    g_assert_cmpint(business_time_measure(office, -1, HOUR), ==, BUSINESS_TIME_NONE);
}

static void test_there_is_no_due_time_after_400_days_without_opening(void) {
    g_autoptr(Calendar) never = fixture_calendar("Europe/Helsinki", "{'week': {}}");
    g_assert_cmpint(business_time_due(never, 0, 1), ==, INSTANT_NONE);
    g_autoptr(Calendar) once = fixture_calendar(
        "Europe/Helsinki", "{'week': {}, 'exceptions': [{'from': '2026-12-06', 'to': '2026-12-06', "
                           "'hours': [['08:00', '16:00']]}]}");
    Instant before = fixture_instant("2025-11-24T00:00:00"); // 377 days
    g_assert_cmpint(business_time_due(once, before, HOUR), ==,
                    fixture_instant("2026-12-06T09:00:00"));
    g_assert_cmpint(business_time_due(once, before, 9 * HOUR), ==, INSTANT_NONE);
    Instant long_before = fixture_instant("2025-10-01T00:00:00"); // 431 days
    g_assert_cmpint(business_time_due(once, long_before, HOUR), ==, INSTANT_NONE);
}

// What a reader with a wall clock would count, a minute at a time.
static gint64 count_minutes(const Calendar *calendar, Instant from, Instant to) {
    const CalendarVersion *version = g_ptr_array_index(calendar->versions, 0);
    ZoneClock clock;
    zone_clock_init(&clock, version->zone);
    gint64 count = 0;
    for (Instant at = from; at < to; at += ZONE_MINUTE_MS) {
        const GArray *hours = calendar_version_hours(version, zone_clock_day(&clock, at));
        int minute = zone_clock_minute(&clock, at);
        for (guint index = 0; index < hours->len; index++) {
            OpenHours interval = g_array_index(hours, OpenHours, index);
            count += minute >= interval.opens_at && minute < interval.closes_at;
        }
    }
    return count * ZONE_MINUTE_MS;
}

static void test_the_measure_is_what_counting_minutes_gives(void) {
    // Hours away from the nights' clock changes, where a wall clock suffices.
    static const char *const zones[] = {"Europe/Helsinki", "America/New_York", "Asia/Kathmandu",
                                        "Australia/Lord_Howe", "UTC"};
    for (guint turn = 0; turn < 60; turn++) {
        g_autoptr(Calendar) calendar = fixture_calendar(
            zones[turn % G_N_ELEMENTS(zones)],
            "{'week': {'mon': [['08:00', '11:30'], ['12:00', '16:00']], 'wed': [['05:00', "
            "'24:00']], 'fri': [['06:00', '06:01']], 'sun': [['09:00', '10:00']]}, 'holidays': "
            "['finland', 'finland_eves']}");
        Instant from = 1700000000000 / ZONE_MINUTE_MS * ZONE_MINUTE_MS +
                       g_test_rand_int_range(0, 2000000) * ZONE_MINUTE_MS;
        Instant to = from + g_test_rand_int_range(0, 60000) * ZONE_MINUTE_MS;
        gint64 measure = business_time_measure(calendar, from, to);
        g_assert_cmpint(measure, ==, count_minutes(calendar, from, to));
        if (measure > 0) {
            Instant due = business_time_due(calendar, from, measure);
            g_assert_cmpint(due, <=, to);
            g_assert_cmpint(business_time_measure(calendar, from, due), ==, measure);
            g_assert_cmpint(business_time_measure(calendar, from, due - 1), ==, measure - 1);
        }
    }
}

static void test_ages_are_what_the_measure_gives(void) {
    g_autoptr(Calendar) calendar = fixture_calendar("Europe/Helsinki", FIXTURE_OFFICE);
    Instant end = fixture_instant("2026-11-23T11:17:05.250");
    g_autoptr(BusinessAges) ages = business_ages_new(calendar, end);
    g_autoptr(BusinessAges) none = business_ages_new(NULL, end);
    for (guint turn = 0; turn < 500; turn++) {
        Instant from =
            end - g_test_rand_int_range(0, 400) * ZONE_DAY_MS / 3 - g_test_rand_int_range(0, 9000);
        g_assert_cmpint(business_ages_measure(ages, from), ==,
                        business_time_measure(calendar, from, end));
        g_assert_cmpint(business_ages_measure(none, from), ==, BUSINESS_TIME_NONE);
    }
    g_assert_cmpint(business_ages_measure(ages, end + 5), ==, 0);
    g_assert_cmpint(business_ages_measure(ages, -5), ==, BUSINESS_TIME_NONE);
}

static void test_ten_years_are_measured_quickly(void) {
    g_autoptr(Calendar) calendar = fixture_calendar(
        "Europe/Helsinki", FIXTURE_DAILY("08:00", "16:00") ", 'holidays': ['finland']}");
    gint64 begun = g_get_monotonic_time();
    gint64 measure = business_time_measure(calendar, fixture_instant("2020-01-01T00:00:00"),
                                           fixture_instant("2030-01-01T00:00:00"));
    g_assert_cmpint(measure % (8 * HOUR), ==, 0);
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 200000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/business-time/1-a-weekend-does-not-count", test_a_weekend_does_not_count);
    g_test_add_func("/business-time/2-3-a-target-is-due-at-the-least-instant-that-fulfils-it",
                    test_a_target_is_due_at_the_least_instant_that_fulfils_it);
    g_test_add_func("/business-time/15-16-a-night-of-clock-change-has-seven-or-nine-hours",
                    test_a_night_of_clock_change_has_seven_or_nine_hours);
    g_test_add_func("/business-time/office-hours-are-eight-hours-on-every-day",
                    test_office_hours_are_eight_hours_on_every_day);
    g_test_add_func("/business-time/a-missing-local-time-moves-and-a-doubled-one-counts-twice",
                    test_a_missing_local_time_moves_and_a_doubled_one_counts_twice);
    g_test_add_func("/business-time/17-an-overnight-interval-belongs-to-the-day-on-which-it-starts",
                    test_an_overnight_interval_belongs_to_the_day_on_which_it_starts);
    g_test_add_func("/business-time/18-a-lunch-break-does-not-count",
                    test_a_lunch_break_does_not_count);
    g_test_add_func("/business-time/19-a-closed-day-does-not-count",
                    test_a_closed_day_does_not_count);
    g_test_add_func("/business-time/20-a-span-is-integrated-across-versions",
                    test_a_span_is_integrated_across_versions);
    g_test_add_func("/business-time/26-there-is-no-business-time-without-a-valid-calendar",
                    test_there_is_no_business_time_without_a_valid_calendar);
    g_test_add_func("/business-time/there-is-no-due-time-after-400-days-without-opening",
                    test_there_is_no_due_time_after_400_days_without_opening);
    g_test_add_func("/business-time/the-measure-is-what-counting-minutes-gives",
                    test_the_measure_is_what_counting_minutes_gives);
    g_test_add_func("/business-time/ages-are-what-the-measure-gives",
                    test_ages_are_what_the_measure_gives);
    g_test_add_func("/business-time/ten-years-are-measured-quickly",
                    test_ten_years_are_measured_quickly);
    return g_test_run();
}
