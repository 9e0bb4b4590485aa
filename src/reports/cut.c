#include "reports/cut.h"

#include <string.h>

#define HOUR_MS (60 * ZONE_MINUTE_MS)

static const char *const names[CUTS] = {
    [CUT_AGENT] = "agent",     [CUT_ASSIGNEE] = "assignee", [CUT_TEAM] = "team",
    [CUT_CHANNEL] = "channel", [CUT_KIND] = "kind",         [CUT_PRIORITY] = "priority",
    [CUT_HOUR] = "hour",       [CUT_DAY] = "day",           [CUT_WEEK] = "week",
    [CUT_MONTH] = "month",     [CUT_QUARTER] = "quarter",
};

const char *cut_name(Cut cut) {
    return names[cut];
}

gboolean cut_parse(const char *name, Cut *cut) {
    for (guint at = 0; at < CUTS; at++)
        if (strcmp(names[at], name) == 0) {
            *cut = (Cut)at;
            return TRUE;
        }
    return FALSE;
}

gboolean cut_is_time(Cut cut) {
    return cut >= CUT_HOUR;
}

static void set_days(CutKey *key, LocalDay from, LocalDay to, ZoneClock *clock) {
    key->from = zone_clock_instant(clock, from, 0, ZONE_START);
    key->to = zone_clock_instant(clock, to, 0, ZONE_START);
}

// An hour of local time, with its offset: one hour of the night of October is there twice.
static void set_hour(CutKey *key, Instant at, ZoneClock *clock) {
    gint64 offset = zone_clock_offset(clock, at);
    gint64 local = at + offset, into = local % HOUR_MS;
    key->from = at - (into < 0 ? into + HOUR_MS : into);
    key->to = key->from + HOUR_MS;
    g_autofree char *day = local_day_format(zone_clock_day(clock, at));
    gint64 minutes = ABS(offset) / ZONE_MINUTE_MS;
    g_snprintf(key->text, sizeof key->text, "%sT%02d:00%c%02d:%02d", day,
               zone_clock_minute(clock, at) / 60, offset < 0 ? '-' : '+', (int)(minutes / 60),
               (int)(minutes % 60));
}

static void set_week(CutKey *key, LocalDay day, ZoneClock *clock) {
    LocalDay monday = day - local_day_weekday(day);
    int year, month, day_of_month;
    local_day_date(monday + 3, &year, &month, &day_of_month); // its Thursday names the year
    int week = (int)((monday + 3 - local_day_of_date(year, 1, 1)) / 7) + 1;
    g_snprintf(key->text, sizeof key->text, "%04d-W%02d", year, week);
    set_days(key, monday, monday + 7, clock);
}

// months: 1 or 3, counted from January.
static void set_months(CutKey *key, LocalDay day, int months, ZoneClock *clock) {
    int year, month, day_of_month;
    local_day_date(day, &year, &month, &day_of_month);
    int first = (month - 1) / months * months + 1, next = first + months;
    if (months == 1)
        g_snprintf(key->text, sizeof key->text, "%04d-%02d", year, month);
    else
        g_snprintf(key->text, sizeof key->text, "%04d-Q%d", year, (month - 1) / months + 1);
    set_days(key, local_day_of_date(year, first, 1),
             local_day_of_date(next > 12 ? year + 1 : year, next > 12 ? 1 : next, 1), clock);
}

CutKey cut_bucket(Cut cut, Instant at, ZoneClock *clock) {
    CutKey key = {0};
    LocalDay day = zone_clock_day(clock, at);
    if (cut == CUT_HOUR) {
        set_hour(&key, at, clock);
    } else if (cut == CUT_DAY) {
        g_autofree char *text = local_day_format(day);
        g_strlcpy(key.text, text, sizeof key.text);
        set_days(&key, day, day + 1, clock);
    } else if (cut == CUT_WEEK) {
        set_week(&key, day, clock);
    } else {
        set_months(&key, day, cut == CUT_MONTH ? 1 : 3, clock);
    }
    return key;
}

static CutKey id_key(Id id) {
    CutKey key = {.value = id};
    if (id != 0)
        id_format(id, key.text);
    return key;
}

CutKey cut_key(Cut cut, const WaitRow *row, Id channel_id, Instant at, ZoneClock *clock) {
    const Wait *wait = row->wait;
    if (cut_is_time(cut))
        return cut_bucket(cut, at, clock);
    if (cut == CUT_AGENT)
        return id_key(wait->answered_by);
    if (cut == CUT_ASSIGNEE)
        return id_key(wait->assignee_at_end);
    if (cut == CUT_TEAM)
        return id_key(wait->team_at_end);
    if (cut == CUT_CHANNEL)
        return id_key(channel_id);
    CutKey key = {.value = wait->priority_at_start};
    if (cut == CUT_KIND)
        g_strlcpy(key.text, row->channel_kind, sizeof key.text);
    else
        g_snprintf(key.text, sizeof key.text, "%d", wait->priority_at_start);
    return key;
}

static void narrow_time(const CutKey *key, WaitFilter *filter) {
    if (filter->period == PERIOD_STARTED || filter->period == PERIOD_ENDED) {
        filter->from = MAX(filter->from, key->from);
        filter->to = MIN(filter->to, key->to);
        return;
    }
    filter->started_from =
        filter->started_from == FILTER_ANY ? key->from : MAX(filter->started_from, key->from);
    filter->started_to =
        filter->started_to == FILTER_ANY ? key->to : MIN(filter->started_to, key->to);
}

void cut_narrow(Cut cut, const CutKey *key, WaitFilter *filter) {
    if (cut_is_time(cut))
        narrow_time(key, filter);
    else if (cut == CUT_AGENT)
        filter->agent_id = key->value;
    else if (cut == CUT_ASSIGNEE)
        filter->assignee_id = key->value;
    else if (cut == CUT_TEAM)
        filter->team_id = key->value;
    else if (cut == CUT_CHANNEL)
        filter->channel_id = key->value;
    else if (cut == CUT_KIND)
        filter->channel_kind = key->text;
    else
        filter->priority = key->value;
}
