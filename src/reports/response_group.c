#include "reports/response_group.h"

#define MINUTE_MS 60000

typedef void (*SeriesDo)(Series *series);

static void group_each(ResponseGroup *group, SeriesDo act) {
    for (int set = 0; set < FIGURES_SETS; set++) {
        act(&group->sets[set].elapsed);
        act(&group->sets[set].business);
    }
    for (int at = 0; at < AUTOMATICS; at++)
        act(&group->automatic[at]);
    for (int at = 0; at < RESOLUTIONS; at++) {
        act(&group->resolution[at]);
        act(&group->resolution_business[at]);
    }
    act(&group->delivery_lag);
    act(&group->fetch_lag);
    act(&group->snoozed);
    act(&group->without_snoozed);
}

ResponseGroup *response_group_new(void) {
    ResponseGroup *group = g_new0(ResponseGroup, 1);
    group_each(group, series_init);
    for (int set = 0; set < FIGURES_SETS; set++)
        group->sets[set].oldest_open = INSTANT_NONE;
    return group;
}

void response_group_free(ResponseGroup *group) {
    if (group == NULL)
        return;
    group_each(group, series_clear);
    g_free(group);
}

static void count_dismissed(WaitFigures *figures, gint64 elapsed) {
    figures->dismissed++;
    if (elapsed < MINUTE_MS)
        figures->dismissed_under_minute++;
}

static void add_plain(WaitFigures *figures, const Wait *wait, Id channel_id, gint64 elapsed,
                      gint64 business) {
    figures->waits++;
    if (wait->state == WAIT_DISMISSED)
        count_dismissed(figures, elapsed);
    if (wait->state != WAIT_ANSWERED)
        return;
    series_add(&figures->elapsed, elapsed);
    if (business != DURATION_NONE)
        series_add(&figures->business, business);
    if (wait->answering_channel_id != channel_id)
        figures->elsewhere++;
}

static void count_open(WaitFigures *figures, Instant started_at) {
    figures->open++;
    if (figures->oldest_open == INSTANT_NONE || started_at < figures->oldest_open)
        figures->oldest_open = started_at;
}

static void add_to_set(WaitFigures *figures, const Wait *wait, guint roles, Id channel_id,
                       gint64 elapsed, gint64 business) {
    if (roles & ROLE_PLAIN)
        add_plain(figures, wait, channel_id, elapsed, business);
    if ((roles & ROLE_OPEN) && wait->state == WAIT_OPEN)
        count_open(figures, wait->started_at);
    if (!(roles & ROLE_COHORT))
        return;
    series_add_cohort(&figures->elapsed, elapsed, wait->state == WAIT_ANSWERED);
    if (business != DURATION_NONE)
        series_add_cohort(&figures->business, business, wait->state == WAIT_ANSWERED);
}

static void add_present(Series *series, gint64 length) {
    if (length != DURATION_NONE)
        series_add(series, length);
}

static void add_beside(ResponseGroup *group, const Wait *wait, gint64 elapsed) {
    for (int at = 0; at < AUTOMATICS; at++)
        add_present(&group->automatic[at], wait->automatic_ms[at]);
    series_add(&group->fetch_lag, wait->fetch_lag_ms);
    if (wait->state != WAIT_ANSWERED)
        return;
    add_present(&group->delivery_lag, wait->delivery_lag_ms);
    if (wait->snoozed_ms > 0)
        series_add(&group->snoozed, wait->snoozed_ms);
    series_add(&group->without_snoozed, MAX(0, elapsed - wait->snoozed_ms));
}

void response_group_add_wait(ResponseGroup *group, const WaitRow *row, guint roles, Id channel_id,
                             gint64 business_ms, Instant now) {
    const Wait *wait = row->wait;
    gint64 elapsed = wait_row_elapsed(row, now);
    FigureSet kind = wait->kind == WAIT_FIRST ? FIGURES_FIRST : FIGURES_NEXT;
    add_to_set(&group->sets[FIGURES_ALL], wait, roles, channel_id, elapsed, business_ms);
    add_to_set(&group->sets[kind], wait, roles, channel_id, elapsed, business_ms);
    if (wait->is_first_ever)
        add_to_set(&group->sets[FIGURES_FIRST_EVER], wait, roles, channel_id, elapsed, business_ms);
    if (roles & ROLE_PLAIN)
        add_beside(group, wait, elapsed);
}

void response_group_add_resolution(ResponseGroup *group, const ResolutionRow *row, guint roles) {
    if (roles & ROLE_PLAIN) {
        group->episodes++;
        group->reopens += row->reopens;
    }
    if ((roles & ROLE_OPEN) && row->is_open)
        group->episodes_open++;
    for (int at = 0; at < RESOLUTIONS; at++) {
        gint64 elapsed = row->elapsed[at], business = row->business[at];
        gboolean is_ended = row->is_ended[at], has_business = business != DURATION_NONE;
        if ((roles & ROLE_PLAIN) && is_ended)
            series_add(&group->resolution[at], elapsed);
        if ((roles & ROLE_PLAIN) && is_ended && has_business)
            series_add(&group->resolution_business[at], business);
        if (roles & ROLE_COHORT)
            series_add_cohort(&group->resolution[at], elapsed, is_ended);
        if ((roles & ROLE_COHORT) && has_business)
            series_add_cohort(&group->resolution_business[at], business, is_ended);
    }
}
