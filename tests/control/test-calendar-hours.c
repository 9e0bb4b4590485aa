// Opening hours as people write them.
#include "control/calendar_hours.h"

#include "base/error.h"
#include "model/calendar.h"

static json_t *read_one(const char *hours, const char *exception, GError **error) {
    const char *const hour_list[] = {hours, NULL};
    const char *const exception_list[] = {exception, NULL};
    return calendar_hours_read(
        &(CalendarHoursText){.hours = hour_list, .exceptions = exception_list}, error);
}

static void reads_as(const char *hours, const char *exception, const char *expected) {
    g_autoptr(GError) error = NULL;
    json_t *json = read_one(hours, exception, &error);
    g_assert_no_error(error);
    g_autofree char *text = g_strdelimit(g_strdup(expected), "'", '"');
    json_t *wanted = json_loads(text, 0, NULL);
    g_assert_true(json_equal(json, wanted));
    g_autoptr(CalendarVersion) version =
        calendar_version_new(1, 0, "Europe/Helsinki", json, &error);
    g_assert_no_error(error);
    json_decref(json);
    json_decref(wanted);
}

static void test_weekdays_and_intervals(void) {
    reads_as(
        "mon-tue 08:00-11:30 12:00-16:00, sat 10:00-14:00", NULL,
        "{'week': {'mon': [['08:00', '11:30'], ['12:00', '16:00']], 'tue': [['08:00', '11:30'], "
        "['12:00', '16:00']], 'sat': [['10:00', '14:00']]}, 'exceptions': [], 'holidays': []}");
    reads_as("fri 22:00-06:00", NULL,
             "{'week': {'fri': [['22:00', '06:00']]}, 'exceptions': [], 'holidays': []}");
}

static void test_exceptions(void) {
    reads_as("mon 08:00-16:00", "2026-12-24 09:00-12:00",
             "{'week': {'mon': [['08:00', '16:00']]}, 'exceptions': [{'from': '2026-12-24', 'to': "
             "'2026-12-24', 'hours': [['09:00', '12:00']]}], 'holidays': []}");
    reads_as("mon 08:00-16:00", "2026-07-01..2026-07-31",
             "{'week': {'mon': [['08:00', '16:00']]}, 'exceptions': [{'from': '2026-07-01', 'to': "
             "'2026-07-31', 'hours': []}], 'holidays': []}");
}

static void test_what_is_not_understood_is_quoted(void) {
    static const char *const wrong[] = {
        "", "mon", "monday 08:00-16:00", "fri-mon 08:00-16:00", "mon 08:00", "08:00-16:00"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(read_one(wrong[at], NULL, &error));
        g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar-hours/weekdays-and-intervals", test_weekdays_and_intervals);
    g_test_add_func("/calendar-hours/exceptions", test_exceptions);
    g_test_add_func("/calendar-hours/what-is-not-understood-is-quoted",
                    test_what_is_not_understood_is_quoted);
    return g_test_run();
}
