// Opening hours from JSON and back, exceptions and holidays, files of holidays.
#include "fixture_calendar.h"

static LocalDay day(const char *text) {
    LocalDay day;
    g_assert_true(local_day_parse(text, &day));
    return day;
}

static guint intervals(const Calendar *calendar, const char *date) {
    return calendar_version_hours(g_ptr_array_index(calendar->versions, 0), day(date))->len;
}

static void test_an_exception_goes_before_a_holiday_and_that_before_the_week(void) {
    g_autoptr(Calendar) calendar = fixture_calendar(
        "Europe/Helsinki",
        FIXTURE_DAILY("08:00",
                      "16:00") ", 'exceptions': [{'from': '2026-12-24', 'to': '2026-12-25', "
                               "'hours': [['09:00', '10:00'], ['11:00', '12:00']]}], "
                               "'holidays': ['finland'], 'holiday_dates': ['2026-11-24']}");
    g_assert_cmpuint(intervals(calendar, "2026-12-23"), ==, 1);
    g_assert_cmpuint(intervals(calendar, "2026-12-25"), ==,
                     2); // a holiday, but the exception holds
    g_assert_cmpuint(intervals(calendar, "2026-12-26"), ==, 0);
    g_assert_cmpuint(intervals(calendar, "2026-11-24"), ==, 0);
    g_assert_cmpuint(intervals(calendar, "2027-06-25"), ==, 1); // Midsummer Eve was not asked for
}

static void test_offices_may_close_on_eves(void) {
    g_autoptr(Calendar) calendar = fixture_calendar(
        "Europe/Helsinki",
        FIXTURE_DAILY("08:00", "16:00") ", 'holidays': ['finland', 'finland_eves']}");
    g_assert_cmpuint(intervals(calendar, "2027-06-25"), ==, 0);
    g_assert_cmpuint(intervals(calendar, "2026-12-24"), ==, 0);
    g_assert_cmpuint(intervals(calendar, "2026-12-31"), ==, 1);
}

static void test_holidays_may_have_hours_of_their_own(void) {
    g_autoptr(Calendar) calendar = fixture_calendar(
        "Europe/Helsinki", "{'week': {}, 'holidays': ['finland'], 'holiday_hours': "
                           "[['10:00', '14:00']]}");
    g_assert_cmpuint(intervals(calendar, "2026-12-06"), ==, 1);
    g_assert_cmpuint(intervals(calendar, "2026-12-07"), ==, 0);
}

static void test_what_is_written_reads_the_same(void) {
    g_autoptr(Calendar) calendar = fixture_calendar(
        "Europe/Helsinki",
        "{'week': {'fri': [['22:00', '06:00']], 'mon': [['12:00', '24:00'], ['00:00', "
        "'11:30']]}, 'exceptions': [{'from': '2026-12-24', 'to': '2026-12-24', 'hours': "
        "[]}], 'holidays': ['finland'], 'holiday_dates': ['2027-02-01', '2027-01-01']}");
    json_t *once = calendar_version_hours_json(g_ptr_array_index(calendar->versions, 0));
    g_autoptr(CalendarVersion) again = calendar_version_new(2, 0, "Europe/Helsinki", once, NULL);
    g_assert_nonnull(again);
    json_t *twice = calendar_version_hours_json(again);
    g_assert_true(json_equal(once, twice));
    const char *first =
        json_string_value(json_array_get(json_object_get(once, "holiday_dates"), 0));
    g_assert_cmpstr(first, ==, "2027-01-01");
    json_decref(once);
    json_decref(twice);
}

static void test_holidays_are_read_from_a_file(void) {
    g_autoptr(GError) error = NULL;
    json_t *dates =
        calendar_holidays_parse("# Sweden\n2027-01-01 Nyårsdagen\r\n\n2027-06-06\tx\n", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(json_array_size(dates), ==, 2);
    json_decref(dates);
    g_assert_null(calendar_holidays_parse("2027-01-01\n1.6.2027\n", &error));
    g_assert_nonnull(strstr(error->message, "line 2"));
}

static void test_the_version_is_that_of_the_instant(void) {
    g_autoptr(Calendar) calendar = calendar_new(1, "x");
    for (Id id = 1; id <= 2; id++) {
        json_t *hours = json_pack("{s:{}}", "week");
        calendar_take_version(calendar, calendar_version_new(id, id * 1000, "UTC", hours, NULL));
        json_decref(hours);
    }
    g_assert_null(calendar_version_at(calendar, 999));
    g_assert_cmpint(calendar_version_at(calendar, 1000)->id, ==, 1);
    g_assert_cmpint(calendar_version_at(calendar, 1999)->id, ==, 1);
    g_assert_cmpint(calendar_version_at(calendar, 2000)->id, ==, 2);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/an-exception-goes-before-a-holiday-and-that-before-the-week",
                    test_an_exception_goes_before_a_holiday_and_that_before_the_week);
    g_test_add_func("/calendar/offices-may-close-on-eves", test_offices_may_close_on_eves);
    g_test_add_func("/calendar/holidays-may-have-hours-of-their-own",
                    test_holidays_may_have_hours_of_their_own);
    g_test_add_func("/calendar/what-is-written-reads-the-same",
                    test_what_is_written_reads_the_same);
    g_test_add_func("/calendar/holidays-are-read-from-a-file", test_holidays_are_read_from_a_file);
    g_test_add_func("/calendar/the-version-is-that-of-the-instant",
                    test_the_version_is_that_of_the_instant);
    return g_test_run();
}
