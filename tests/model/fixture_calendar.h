// Calendars for tests, written short: a zone and pairs of weekday and hours.
#pragma once

#include "base/error.h"
#include "model/business_time.h"

// hours is the JSON of calendar_version_new with ' for "; valid from the beginning of time.
static inline Calendar *fixture_calendar(const char *zone, const char *hours) {
    Calendar *calendar = calendar_new(1, "test");
    g_autofree char *text = g_strdelimit(g_strdup(hours), "'", '"');
    json_t *json = json_loads(text, 0, NULL);
    g_assert_nonnull(json);
    g_autoptr(GError) error = NULL;
    CalendarVersion *version = calendar_version_new(1, 0, zone, json, &error);
    g_assert_no_error(error);
    calendar_take_version(calendar, version);
    json_decref(json);
    return calendar;
}

#define FIXTURE_OFFICE                                                                             \
    "{'week': {'mon': [['08:00', '16:00']], 'tue': [['08:00', '16:00']], 'wed': [['08:00', "       \
    "'16:00']], 'thu': [['08:00', '16:00']], 'fri': [['08:00', '16:00']]}}"

#define FIXTURE_DAILY(from, to)                                                                    \
    "{'week': {'mon': [['" from "','" to "']], 'tue': [['" from "','" to "']], 'wed': [['" from    \
    "','" to "']], 'thu': [['" from "','" to "']], 'fri': [['" from "','" to                       \
    "']], 'sat': [['" from "','" to "']], 'sun': [['" from "','" to "']]}"

// "2026-11-20 15:30" or "... 15:30:05.250" of the wall clock in Helsinki.
static inline Instant fixture_instant(const char *text) {
    g_autoptr(GTimeZone) zone = zone_find("Europe/Helsinki", NULL);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, zone);
    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000;
}
