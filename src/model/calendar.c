#include "model/calendar.h"

#include <string.h>

#include "base/error.h"
#include "model/holiday_finland.h"

void calendar_version_free(CalendarVersion *version) {
    if (version == NULL)
        return;
    g_free(version->zone_name);
    g_clear_pointer(&version->zone, g_time_zone_unref);
    for (int day = 0; day < 7; day++)
        g_clear_pointer(&version->week[day], g_array_unref);
    g_clear_pointer(&version->exceptions, g_ptr_array_unref);
    g_clear_pointer(&version->holiday_dates, g_array_unref);
    g_clear_pointer(&version->holiday_hours, g_array_unref);
    g_free(version);
}

static int exception_compare(gconstpointer key, gconstpointer element) {
    LocalDay day = *(const LocalDay *)key;
    const CalendarException *exception = *(const CalendarException *const *)element;
    return day < exception->from ? -1 : day > exception->to ? 1 : 0;
}

static const CalendarException *exception_find(const CalendarVersion *version, LocalDay day) {
    if (version->exceptions->len == 0)
        return NULL;
    CalendarException **found = bsearch(&day, version->exceptions->pdata, version->exceptions->len,
                                        sizeof(gpointer), exception_compare);
    return found == NULL ? NULL : *found;
}

static int day_compare(gconstpointer a, gconstpointer b) {
    LocalDay x = *(const LocalDay *)a, y = *(const LocalDay *)b;
    return x < y ? -1 : x > y;
}

static gboolean is_holiday(const CalendarVersion *version, LocalDay day) {
    if (version->holiday_dates->len > 0 &&
        bsearch(&day, version->holiday_dates->data, version->holiday_dates->len, sizeof day,
                day_compare) != NULL)
        return TRUE;
    if (!version->has_finland && !version->has_eves)
        return FALSE;
    HolidayType type = holiday_finland_find(day, NULL);
    return (type == HOLIDAY_PUBLIC && version->has_finland) ||
           (type == HOLIDAY_EVE && version->has_eves);
}

const GArray *calendar_version_hours(const CalendarVersion *version, LocalDay day) {
    const CalendarException *exception = exception_find(version, day);
    if (exception != NULL)
        return exception->hours;
    if (is_holiday(version, day))
        return version->holiday_hours;
    return version->week[local_day_weekday(day)];
}

Calendar *calendar_new(Id id, const char *name) {
    Calendar *calendar = g_new0(Calendar, 1);
    calendar->id = id;
    calendar->name = g_strdup(name);
    calendar->versions = g_ptr_array_new_with_free_func((GDestroyNotify)calendar_version_free);
    return calendar;
}

void calendar_free(Calendar *calendar) {
    if (calendar == NULL)
        return;
    g_free(calendar->name);
    g_ptr_array_unref(calendar->versions);
    g_free(calendar);
}

void calendar_take_version(Calendar *calendar, CalendarVersion *version) {
    guint count = calendar->versions->len;
    if (count > 0) {
        const CalendarVersion *last = g_ptr_array_index(calendar->versions, count - 1);
        g_assert(last->valid_from < version->valid_from);
    }
    g_ptr_array_add(calendar->versions, version);
}

const CalendarVersion *calendar_version_at(const Calendar *calendar, Instant instant) {
    for (guint at = calendar->versions->len; at > 0; at--) {
        const CalendarVersion *version = g_ptr_array_index(calendar->versions, at - 1);
        if (version->valid_from <= instant)
            return version;
    }
    return NULL;
}

json_t *calendar_holidays_parse(const char *text, GError **error) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    json_t *dates = json_array();
    for (guint at = 0; lines[at] != NULL; at++) {
        char *line = g_strstrip(lines[at]);
        if (line[0] == '\0' || line[0] == '#')
            continue;
        line[strcspn(line, " \t;,")] = '\0';
        LocalDay day;
        if (!local_day_parse(line, &day)) {
            error_set(error, ERROR_INVALID, "holidays_invalid",
                      "line %u does not begin with a date such as 2027-01-01", at + 1);
            json_decref(dates);
            return NULL;
        }
        json_array_append_new(dates, json_string(line));
    }
    return dates;
}
