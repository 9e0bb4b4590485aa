#include "control/calendar_hours.h"

#include <string.h>

#include "base/error.h"
#include "model/calendar.h"

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static gboolean refuse(const char *what, GError **error) {
    error_set(error, ERROR_INVALID, "hours_invalid",
              "\"%.80s\" is not understood: write \"mon-fri 08:00-16:00\" or \"2026-12-24 "
              "09:00-12:00\"",
              what);
    return FALSE;
}

static int weekday_find(const char *name, gsize length) {
    for (int at = 0; at < 7; at++)
        if (length == 3 && g_ascii_strncasecmp(weekdays[at], name, 3) == 0)
            return at;
    return -1;
}

// "mon" or "mon-fri".
static gboolean weekdays_read(const char *text, int *first, int *last) {
    const char *dash = strchr(text, '-');
    *first = weekday_find(text, dash == NULL ? strlen(text) : (gsize)(dash - text));
    *last = dash == NULL ? *first : weekday_find(dash + 1, strlen(dash + 1));
    return *first >= 0 && *last >= *first;
}

// Words after the first: "08:00-11:30", "12:00-16:00".
static json_t *intervals_read(char **words, GError **error) {
    json_t *intervals = json_array();
    for (; *words != NULL; words++) {
        const char *dash = strchr(*words, '-');
        if (**words == '\0')
            continue;
        if (dash == NULL) {
            refuse(*words, error);
            json_decref(intervals);
            return NULL;
        }
        json_array_append_new(intervals,
                              json_pack("[s%, s]", *words, (size_t)(dash - *words), dash + 1));
    }
    return intervals;
}

static gboolean week_add(json_t *week, const char *text, GError **error) {
    g_autofree char *copy = g_strstrip(g_strdup(text));
    g_auto(GStrv) words = g_strsplit(copy, " ", 0);
    int first, last;
    if (words[0] == NULL || !weekdays_read(words[0], &first, &last) || words[1] == NULL)
        return refuse(copy, error);
    json_t *intervals = intervals_read(words + 1, error);
    for (int day = first; intervals != NULL && day <= last; day++) {
        json_t *list = json_object_get(week, weekdays[day]);
        if (list == NULL)
            json_object_set_new(week, weekdays[day], list = json_array());
        json_array_extend(list, intervals);
    }
    json_decref(intervals);
    return intervals != NULL;
}

static gboolean week_read(const char *const *texts, json_t *week, GError **error) {
    if (*texts == NULL)
        return refuse("no hours", error);
    for (; *texts != NULL; texts++) {
        g_auto(GStrv) parts = g_strsplit(**texts != '\0' ? *texts : " ", ",", 0);
        for (guint at = 0; parts[at] != NULL; at++)
            if (!week_add(week, parts[at], error))
                return FALSE;
    }
    return TRUE;
}

static gboolean exception_add(json_t *exceptions, const char *text, GError **error) {
    g_autofree char *copy = g_strstrip(g_strdup(text));
    g_auto(GStrv) words = g_strsplit(copy, " ", 0);
    if (words[0] == NULL)
        return refuse(text, error);
    const char *dots = strstr(words[0], "..");
    const char *to = dots == NULL ? words[0] : dots + 2;
    size_t length = dots == NULL ? strlen(words[0]) : (size_t)(dots - words[0]);
    json_t *intervals = intervals_read(words + 1, error);
    if (intervals == NULL)
        return FALSE;
    json_array_append_new(exceptions, json_pack("{s:s%, s:s, s:o}", "from", words[0], length, "to",
                                                to, "hours", intervals));
    return TRUE;
}

static json_t *file_read(const char *path, GError **error) {
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    if (g_file_get_contents(path, &text, NULL, &failure))
        return calendar_holidays_parse(text, error);
    error_set(error, ERROR_INVALID, "file_unreadable", "%s", failure->message);
    return NULL;
}

static json_t *sets_of(const CalendarHoursText *text) {
    json_t *sets = json_array();
    if (text->has_finland)
        json_array_append_new(sets, json_string("finland"));
    if (text->has_eves)
        json_array_append_new(sets, json_string("finland_eves"));
    return sets;
}

static gboolean fill(json_t *json, const CalendarHoursText *text, GError **error) {
    if (!week_read(text->hours, json_object_get(json, "week"), error))
        return FALSE;
    for (const char *const *one = text->exceptions; *one != NULL; one++)
        if (!exception_add(json_object_get(json, "exceptions"), *one, error))
            return FALSE;
    if (text->holidays_file == NULL)
        return TRUE;
    json_t *dates = file_read(text->holidays_file, error);
    return dates != NULL && json_object_set_new(json, "holiday_dates", dates) == 0;
}

json_t *calendar_hours_read(const CalendarHoursText *text, GError **error) {
    json_t *json = json_pack("{s:{}, s:[], s:o}", "week", "exceptions", "holidays", sets_of(text));
    if (fill(json, text, error))
        return json;
    json_decref(json);
    return NULL;
}
