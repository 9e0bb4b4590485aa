// Calendars to and from JSON. Strict: an unknown member, a wrong type or hours that overlap are
// refused by name.
#include <string.h>

#include "base/error.h"
#include "model/calendar.h"

#define DAY_MINUTES 1440
#define INTERVALS_MAX 24
#define EXCEPTIONS_MAX 1000
#define HOLIDAY_DATES_MAX 5000

static const char *const weekdays[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static gboolean refuse(GError **error, const char *member, const char *why) {
    error_set(error, ERROR_INVALID, "calendar_invalid", "%s: %s", member, why);
    return FALSE;
}

static gboolean minute_parse(const json_t *json, int *minute) {
    const char *text = json_string_value(json);
    if (text == NULL || strlen(text) != 5 || text[2] != ':' || !g_ascii_isdigit(text[0]) ||
        !g_ascii_isdigit(text[1]) || !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
        return FALSE;
    int hour = (text[0] - '0') * 10 + text[1] - '0';
    *minute = hour * 60 + (text[3] - '0') * 10 + text[4] - '0';
    return text[3] < '6' && *minute <= DAY_MINUTES;
}

static gboolean interval_parse(const json_t *json, OpenHours *hours) {
    if (json_array_size(json) != 2 || !minute_parse(json_array_get(json, 0), &hours->opens_at) ||
        !minute_parse(json_array_get(json, 1), &hours->closes_at))
        return FALSE;
    if (hours->opens_at == hours->closes_at || hours->opens_at == DAY_MINUTES)
        return FALSE;
    if (hours->closes_at < hours->opens_at)
        hours->closes_at += DAY_MINUTES;
    return TRUE;
}

static int hours_compare(gconstpointer a, gconstpointer b) {
    return ((const OpenHours *)a)->opens_at - ((const OpenHours *)b)->opens_at;
}

static GArray *hours_parse(const json_t *json, const char *member, GError **error) {
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(OpenHours));
    if ((json != NULL && !json_is_array(json)) || json_array_size(json) > INTERVALS_MAX) {
        refuse(error, member, "give a list of at most 24 intervals such as [\"08:00\",\"16:00\"]");
        return NULL;
    }
    for (size_t at = 0; at < json_array_size(json); at++) {
        OpenHours hours;
        if (!interval_parse(json_array_get(json, at), &hours)) {
            refuse(error, member, "an interval is two different times from 00:00 to 24:00");
            return NULL;
        }
        g_array_append_val(list, hours);
    }
    g_array_sort(list, hours_compare);
    for (guint at = 1; at < list->len; at++)
        if (g_array_index(list, OpenHours, at - 1).closes_at >
            g_array_index(list, OpenHours, at).opens_at) {
            refuse(error, member, "its intervals overlap");
            return NULL;
        }
    return g_steal_pointer(&list);
}

static gboolean members_are_known(json_t *object, const char *member, const char *const *known,
                                  GError **error) {
    if (!json_is_object(object))
        return refuse(error, member, "give an object");
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) {
        if (!g_strv_contains(known, name))
            return refuse(error, name, "is not a member of calendars");
    }
    return TRUE;
}

static gboolean week_parse(CalendarVersion *version, json_t *json, GError **error) {
    static const char *const known[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
    if (!members_are_known(json, "week", known, error))
        return FALSE;
    for (int day = 0; day < 7; day++) {
        version->week[day] =
            hours_parse(json_object_get(json, weekdays[day]), weekdays[day], error);
        if (version->week[day] == NULL)
            return FALSE;
    }
    return TRUE;
}

static void exception_free(gpointer data) {
    CalendarException *exception = data;
    g_clear_pointer(&exception->hours, g_array_unref);
    g_free(exception);
}

static gboolean exception_parse(json_t *json, CalendarException *exception, GError **error) {
    static const char *const known[] = {"from", "to", "hours", NULL};
    if (!members_are_known(json, "exceptions", known, error))
        return FALSE;
    const char *from = json_string_value(json_object_get(json, "from"));
    const char *to = json_string_value(json_object_get(json, "to"));
    if (from == NULL || to == NULL || !local_day_parse(from, &exception->from) ||
        !local_day_parse(to, &exception->to) || exception->to < exception->from)
        return refuse(error, "exceptions", "from and to are dates such as 2026-12-24, in order");
    if (json_object_get(json, "hours") == NULL)
        return refuse(error, "exceptions", "hours is missing; [] means closed");
    exception->hours = hours_parse(json_object_get(json, "hours"), "exceptions", error);
    return exception->hours != NULL;
}

static int exception_order(gconstpointer a, gconstpointer b) {
    const CalendarException *x = *(const CalendarException *const *)a;
    const CalendarException *y = *(const CalendarException *const *)b;
    return x->from < y->from ? -1 : x->from > y->from;
}

static gboolean exceptions_are_apart(const GPtrArray *exceptions) {
    for (guint at = 1; at < exceptions->len; at++) {
        const CalendarException *before = exceptions->pdata[at - 1], *after = exceptions->pdata[at];
        if (before->to >= after->from)
            return FALSE;
    }
    return TRUE;
}

static gboolean exceptions_parse(CalendarVersion *version, const json_t *json, GError **error) {
    version->exceptions = g_ptr_array_new_with_free_func(exception_free);
    if ((json != NULL && !json_is_array(json)) || json_array_size(json) > EXCEPTIONS_MAX)
        return refuse(error, "exceptions", "give a list of at most 1000");
    for (size_t at = 0; at < json_array_size(json); at++) {
        CalendarException *exception = g_new0(CalendarException, 1);
        g_ptr_array_add(version->exceptions, exception);
        if (!exception_parse(json_array_get(json, at), exception, error))
            return FALSE;
    }
    g_ptr_array_sort(version->exceptions, exception_order);
    return exceptions_are_apart(version->exceptions) ||
           refuse(error, "exceptions", "two of them hold for the same day");
}

static gboolean holidays_parse(CalendarVersion *version, const json_t *json, GError **error) {
    if (json != NULL && !json_is_array(json))
        return refuse(error, "holidays", "give a list");
    for (size_t at = 0; at < json_array_size(json); at++) {
        const char *set = json_string_value(json_array_get(json, at));
        if (g_strcmp0(set, "finland") == 0)
            version->has_finland = TRUE;
        else if (g_strcmp0(set, "finland_eves") == 0)
            version->has_eves = TRUE;
        else
            return refuse(error, "holidays", "known are finland and finland_eves");
    }
    return TRUE;
}

static int day_order(gconstpointer a, gconstpointer b) {
    LocalDay x = *(const LocalDay *)a, y = *(const LocalDay *)b;
    return x < y ? -1 : x > y;
}

static gboolean dates_parse(CalendarVersion *version, const json_t *json, GError **error) {
    version->holiday_dates = g_array_new(FALSE, FALSE, sizeof(LocalDay));
    if ((json != NULL && !json_is_array(json)) || json_array_size(json) > HOLIDAY_DATES_MAX)
        return refuse(error, "holiday_dates", "give a list of at most 5000 dates");
    for (size_t at = 0; at < json_array_size(json); at++) {
        const char *text = json_string_value(json_array_get(json, at));
        LocalDay day;
        if (text == NULL || !local_day_parse(text, &day))
            return refuse(error, "holiday_dates", "a date is written 2027-01-01");
        g_array_append_val(version->holiday_dates, day);
    }
    g_array_sort(version->holiday_dates, day_order);
    return TRUE;
}

static gboolean hours_fill(CalendarVersion *version, json_t *json, GError **error) {
    static const char *const known[] = {"week",          "exceptions",    "holidays",
                                        "holiday_dates", "holiday_hours", NULL};
    if (!members_are_known(json, "hours", known, error) ||
        !week_parse(version, json_object_get(json, "week"), error) ||
        !exceptions_parse(version, json_object_get(json, "exceptions"), error) ||
        !holidays_parse(version, json_object_get(json, "holidays"), error) ||
        !dates_parse(version, json_object_get(json, "holiday_dates"), error))
        return FALSE;
    version->holiday_hours =
        hours_parse(json_object_get(json, "holiday_hours"), "holiday_hours", error);
    return version->holiday_hours != NULL;
}

CalendarVersion *calendar_version_new(Id id, Instant valid_from, const char *zone_name,
                                      json_t *hours, GError **error) {
    g_autoptr(CalendarVersion) version = g_new0(CalendarVersion, 1);
    version->id = id;
    version->valid_from = valid_from;
    version->zone_name = g_strdup(zone_name);
    version->zone = zone_find(zone_name, error);
    if (version->zone == NULL || !hours_fill(version, hours, error))
        return NULL;
    return g_steal_pointer(&version);
}

static json_t *hours_json(const GArray *list) {
    json_t *json = json_array();
    for (guint at = 0; at < list->len; at++) {
        OpenHours hours = g_array_index(list, OpenHours, at);
        int closes =
            hours.closes_at > DAY_MINUTES ? hours.closes_at - DAY_MINUTES : hours.closes_at;
        g_autofree char *from =
            g_strdup_printf("%02d:%02d", hours.opens_at / 60, hours.opens_at % 60);
        g_autofree char *to = g_strdup_printf("%02d:%02d", closes / 60, closes % 60);
        json_array_append_new(json, json_pack("[s, s]", from, to));
    }
    return json;
}

static json_t *exceptions_json(const GPtrArray *exceptions) {
    json_t *json = json_array();
    for (guint at = 0; at < exceptions->len; at++) {
        const CalendarException *exception = exceptions->pdata[at];
        g_autofree char *from = local_day_format(exception->from);
        g_autofree char *to = local_day_format(exception->to);
        json_array_append_new(json, json_pack("{s:s, s:s, s:o}", "from", from, "to", to, "hours",
                                              hours_json(exception->hours)));
    }
    return json;
}

static json_t *dates_json(const GArray *dates) {
    json_t *json = json_array();
    for (guint at = 0; at < dates->len; at++) {
        g_autofree char *date = local_day_format(g_array_index(dates, LocalDay, at));
        json_array_append_new(json, json_string(date));
    }
    return json;
}

json_t *calendar_version_hours_json(const CalendarVersion *version) {
    json_t *week = json_object();
    for (int day = 0; day < 7; day++)
        json_object_set_new(week, weekdays[day], hours_json(version->week[day]));
    json_t *sets = json_array();
    if (version->has_finland)
        json_array_append_new(sets, json_string("finland"));
    if (version->has_eves)
        json_array_append_new(sets, json_string("finland_eves"));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "week", week, "exceptions",
                     exceptions_json(version->exceptions), "holidays", sets, "holiday_dates",
                     dates_json(version->holiday_dates), "holiday_hours",
                     hours_json(version->holiday_hours));
}
