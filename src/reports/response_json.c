#include "reports/response_distribution.h"
#include "reports/response_write.h"

static void write_quantile(JsonText *text, const char *name, SurvivalQuantile quantile) {
    json_text_begin_object(text, name);
    json_text_add_int(text, quantile.is_reached ? "ms" : "more_than_ms", quantile.length);
    json_text_end_object(text);
}

static void write_survival(JsonText *text, const SeriesFigures *figures) {
    json_text_begin_object(text, "survival");
    json_text_add_int(text, "n", (gint64)figures->cohort_n);
    if (figures->cohort_n > 0) {
        write_quantile(text, "median", figures->survival_median);
        write_quantile(text, "p90", figures->survival_p90);
    }
    json_text_end_object(text);
}

static void write_plain(JsonText *text, const SeriesFigures *figures) {
    json_text_add_int(text, "n", (gint64)figures->n);
    if (figures->n == 0)
        return;
    json_text_add_int(text, "median_ms", figures->median);
    json_text_add_int(text, "p90_ms", figures->p90);
    json_text_add_int(text, "p95_ms", figures->p95);
    json_text_add_int(text, "maximum_ms", figures->maximum);
    json_text_add_int(text, "mean_ms", figures->mean);
}

// Absent business time is null, never 0.
static void write_series(JsonText *text, const char *name, Series *series, gboolean has_survival,
                         gboolean may_be_absent) {
    SeriesFigures figures = series_read(series);
    if (may_be_absent && figures.n == 0 && figures.cohort_n == 0) {
        json_text_add_null(text, name);
        return;
    }
    json_text_begin_object(text, name);
    write_plain(text, &figures);
    if (has_survival)
        write_survival(text, &figures);
    json_text_end_object(text);
}

static void write_list(JsonText *text, const char *name, const WaitFilter *filter) {
    g_autofree char *url = wait_filter_url(filter);
    json_text_add_text(text, name, url);
}

static WaitFilter with_state(WaitFilter filter, WaitState state) {
    filter.state = state;
    return filter;
}

static void write_lists(JsonText *text, const ResponseReport *report, const ResponseGroup *group,
                        FigureSet set) {
    Period period = report->query.filter.period;
    Period open_period = period == PERIOD_ENDED ? PERIOD_STILL_OPEN : period;
    WaitFilter all = response_filter(report, group, set, period);
    WaitFilter cohort = response_filter(report, group, set, PERIOD_STARTED);
    WaitFilter open = with_state(response_filter(report, group, set, open_period), WAIT_OPEN);
    WaitFilter answered = with_state(all, WAIT_ANSWERED);
    WaitFilter dismissed = with_state(all, WAIT_DISMISSED);
    json_text_begin_object(text, "lists");
    write_list(text, "waits", &all);
    write_list(text, "n", &answered);
    write_list(text, "open", &open);
    write_list(text, "dismissed", &dismissed);
    dismissed.shorter_than_ms = 60000;
    write_list(text, "dismissed_under_minute", &dismissed);
    write_list(text, "survival", &cohort);
    if (answered.channel_id != FILTER_ANY) {
        answered.is_elsewhere = 1;
        write_list(text, "answered_elsewhere", &answered);
    }
    json_text_end_object(text);
}

static void write_set(JsonText *text, const ResponseReport *report, ResponseGroup *group,
                      gboolean is_total, FigureSet set) {
    WaitFigures *figures = &group->sets[set];
    json_text_begin_object(text, figure_set_name(set));
    json_text_add_int(text, "waits", figures->waits);
    json_text_add_int(text, "n", figures->elapsed.lengths->len);
    json_text_add_int(text, "open", figures->open);
    json_text_add_int(text, "dismissed", figures->dismissed);
    json_text_add_int(text, "dismissed_under_minute", figures->dismissed_under_minute);
    json_text_add_int(text, "answered_elsewhere", figures->elsewhere);
    write_series(text, "elapsed", &figures->elapsed, TRUE, FALSE);
    write_series(text, "business", &figures->business, TRUE, TRUE);
    write_lists(text, report, is_total ? NULL : group, set);
    json_text_end_object(text);
}

static void write_beside(JsonText *text, ResponseGroup *group) {
    json_text_begin_object(text, "automatic");
    for (int at = 0; at < AUTOMATICS; at++)
        write_series(text, automatic_name((Automatic)at), &group->automatic[at], FALSE, TRUE);
    json_text_end_object(text);
    write_series(text, "delivery_lag", &group->delivery_lag, FALSE, TRUE);
    write_series(text, "fetch_lag", &group->fetch_lag, FALSE, TRUE);
    write_series(text, "snoozed", &group->snoozed, FALSE, TRUE);
    write_series(text, "elapsed_without_snoozed", &group->without_snoozed, FALSE, TRUE);
}

static void write_resolution(JsonText *text, ResponseGroup *group) {
    json_text_begin_object(text, "resolution");
    json_text_add_int(text, "episodes", group->episodes);
    json_text_add_int(text, "open", group->episodes_open);
    json_text_add_int(text, "reopens", group->reopens);
    for (int at = 0; at < RESOLUTIONS; at++) {
        json_text_begin_object(text, resolution_name((Resolution)at));
        write_series(text, "elapsed", &group->resolution[at], TRUE, FALSE);
        write_series(text, "business", &group->resolution_business[at], TRUE, TRUE);
        json_text_end_object(text);
    }
    json_text_end_object(text);
}

static void write_keys(JsonText *text, const ResponseReport *report, const ResponseGroup *group,
                       const ResponseNames *names) {
    json_text_begin_array(text, "keys");
    for (gsize at = 0; at < report->query.cut_count; at++) {
        Cut cut = report->query.cuts[at];
        const CutKey *key = &group->keys[at];
        json_text_begin_object(text, NULL);
        json_text_add_text(text, "cut", cut_name(cut));
        json_text_add_text(text, "value", *key->text == '\0' ? NULL : key->text);
        json_text_add_text(text, "label", response_names_label(names, cut, key));
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

static void write_group(JsonText *text, const char *name, const ResponseReport *report,
                        ResponseGroup *group, const ResponseNames *names) {
    gboolean is_total = group == report->total;
    json_text_begin_object(text, name);
    if (!is_total)
        write_keys(text, report, group, names);
    json_text_begin_object(text, "waits");
    for (int set = 0; set < FIGURES_SETS; set++)
        write_set(text, report, group, is_total, (FigureSet)set);
    json_text_end_object(text);
    write_beside(text, group);
    write_resolution(text, group);
    json_text_end_object(text);
}

void response_write_json(ResponseReport *report, const ResponseNames *names, JsonText *text) {
    const ResponseQuery *query = &report->query;
    json_text_begin_object(text, NULL);
    json_text_add_text(text, "period", period_name(query->filter.period));
    json_text_add_text(text, "survival_period", period_name(PERIOD_STARTED));
    json_text_add_instant(text, "from", query->filter.from);
    json_text_add_instant(text, "to", query->filter.to);
    json_text_add_text(text, "zone", query->zone_name);
    json_text_add_instant(text, "at", query->now);
    json_text_add_int(text, "rule_version", WAIT_RULE_VERSION);
    json_text_begin_array(text, "by");
    for (gsize at = 0; at < query->cut_count; at++)
        json_text_add_text(text, NULL, cut_name(query->cuts[at]));
    json_text_end_array(text);
    write_group(text, "total", report, report->total, names);
    response_distribution_write(report, text);
    json_text_begin_array(text, "groups");
    for (guint at = 0; at < report->groups->len; at++)
        write_group(text, NULL, report, g_ptr_array_index(report->groups, at), names);
    json_text_end_array(text);
    json_text_end_object(text);
}
