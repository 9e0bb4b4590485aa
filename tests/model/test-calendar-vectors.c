// Business time and holidays as other projects' test suites have them: helsinki-sla,
// working-hours and fi-holidays of SHARED_DATA.
#include <string.h>

#include "fixture_calendar.h"
#include "model/holiday_finland.h"

typedef void (*RowCheck)(const json_t *row);

static void rows_check(const char *name, RowCheck check) {
    const char *shared = g_getenv("SHARED_DATA");
    g_autofree char *path = g_strdup_printf("%s/data/expect/%s", shared ? shared : ".", name);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip("the shared test data is not here: set SHARED_DATA");
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    guint count = 0;
    for (guint at = 0; lines[at] != NULL; at++) {
        if (lines[at][0] == '\0')
            continue;
        json_t *row = json_loads(lines[at], 0, NULL);
        g_assert_nonnull(row);
        if (json_object_get(row, "disputed") == NULL) {
            check(row);
            count++;
        }
        json_decref(row);
    }
    g_assert_cmpuint(count, >, 20);
}

static const char *text_of(const json_t *row, const char *name) {
    return json_string_value(json_object_get(row, name));
}

static Instant instant_of(const json_t *row, const char *name) {
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text_of(row, name), NULL);
    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * 1000;
}

static Calendar *calendar_of(const json_t *row) {
    json_t *exceptions = json_array();
    size_t at;
    json_t *day, *hours;
    json_array_foreach(json_object_get(row, "holidays"), at, day) json_array_append_new(
        exceptions, json_pack("{s:O, s:O, s:[]}", "from", day, "to", day, "hours"));
    const char *date;
    json_object_foreach(json_object_get(row, "holiday_hours"), date, hours) json_array_append_new(
        exceptions, json_pack("{s:s, s:s, s:O}", "from", date, "to", date, "hours", hours));
    json_t *json =
        json_pack("{s:O, s:o}", "week", json_object_get(row, "schedule"), "exceptions", exceptions);
    Calendar *calendar = calendar_new(1, "vector");
    g_autoptr(GError) error = NULL;
    CalendarVersion *version = calendar_version_new(1, 0, text_of(row, "tz"), json, &error);
    g_assert_no_error(error);
    calendar_take_version(calendar, version);
    json_decref(json);
    return calendar;
}

static void due_check(const Calendar *calendar, const json_t *row) {
    gint64 duration = json_integer_value(json_object_get(row, "n")) * 1000;
    Instant due = business_time_due(calendar, instant_of(row, "from"), duration);
    g_assert_cmpint(due, ==, instant_of(row, "result"));
}

static void sla_check(const json_t *row) {
    g_autoptr(Calendar) calendar = calendar_of(row);
    const char *op = text_of(row, "op");
    if (strcmp(op, "between") == 0)
        g_assert_cmpint(
            business_time_measure(calendar, instant_of(row, "from"), instant_of(row, "to")), ==,
            json_integer_value(json_object_get(row, "seconds")) * 1000);
    else if (strcmp(op, "open_at") == 0)
        g_assert_cmpint(business_time_is_open(calendar, instant_of(row, "at")), ==,
                        json_is_true(json_object_get(row, "open")));
    else
        due_check(calendar, row);
}

static void test_helsinki_sla(void) {
    rows_check("helsinki-sla.jsonl", sla_check);
}

static void test_working_hours(void) {
    rows_check("working-hours.jsonl", sla_check);
}

static const char *const public_names[] = {"New Year's Day",
                                           "Epiphany",
                                           "Good Friday",
                                           "Easter Sunday",
                                           "Easter Monday",
                                           "May Day",
                                           "Ascension Day",
                                           "Pentecost",
                                           "Midsummer Day",
                                           "All Saints' Day",
                                           "Independence Day",
                                           "Christmas Day",
                                           "Second Day of Christmas",
                                           NULL};
static const char *const eve_names[] = {"Midsummer Eve", "Christmas Eve", NULL};

static HolidayType expected_type(const json_t *row) {
    if (text_of(row, "type") != NULL) {
        if (strcmp(text_of(row, "type"), "public") == 0)
            return HOLIDAY_PUBLIC;
        const char *name = text_of(row, "name");
        gboolean is_eve = strcmp(name, "juhannusaatto") == 0 || strcmp(name, "jouluaatto") == 0;
        return is_eve ? HOLIDAY_EVE : HOLIDAY_NONE;
    }
    g_auto(GStrv) names = g_strsplit(text_of(row, "name"), "; ", 0);
    HolidayType type = HOLIDAY_NONE;
    for (guint at = 0; names[at] != NULL; at++)
        if (g_strv_contains(public_names, names[at]))
            type = HOLIDAY_PUBLIC;
        else if (g_strv_contains(eve_names, names[at]))
            type = HOLIDAY_EVE;
    return type;
}

static GHashTable *holidays_seen; // "years" of 1950-2050 -> how many public days and eves

static void holiday_check(const json_t *row) {
    LocalDay day;
    g_assert_true(local_day_parse(text_of(row, "date"), &day));
    const char *name;
    HolidayType type = holiday_finland_find(day, &name);
    g_assert_cmpint(type, ==, expected_type(row));
    if (type != HOLIDAY_NONE)
        g_hash_table_add(holidays_seen, GINT_TO_POINTER((int)day));
    if (text_of(row, "start") == NULL)
        return;
    if (type != HOLIDAY_NONE)
        g_assert_cmpstr(name, ==, text_of(row, "name"));
    g_autoptr(GTimeZone) zone = zone_find("Europe/Helsinki", NULL);
    ZoneClock clock;
    zone_clock_init(&clock, zone);
    g_assert_cmpint(zone_clock_instant(&clock, day, 0, ZONE_START), ==, instant_of(row, "start"));
    g_assert_cmpint(zone_clock_instant(&clock, day, 1440, ZONE_END), ==, instant_of(row, "end"));
}

static void test_finland_has_these_holidays_and_no_others(void) {
    holidays_seen = g_hash_table_new(NULL, NULL);
    rows_check("fi-holidays.jsonl", holiday_check);
    if (g_hash_table_size(holidays_seen) > 0)
        for (LocalDay day = local_day_of_date(1950, 1, 1); day <= local_day_of_date(2050, 12, 31);
             day++)
            if (holiday_finland_find(day, NULL) != HOLIDAY_NONE)
                g_assert_true(g_hash_table_contains(holidays_seen, GINT_TO_POINTER((int)day)));
    g_hash_table_unref(holidays_seen);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar-vectors/helsinki-sla-is-exact", test_helsinki_sla);
    g_test_add_func("/calendar-vectors/working-hours-is-exact", test_working_hours);
    g_test_add_func("/calendar-vectors/finland-has-these-holidays-and-no-others",
                    test_finland_has_these_holidays_and_no_others);
    return g_test_run();
}
