#include "reports/board.h"

static void write_list(JsonText *text, const char *name, WaitFilter filter, WaitState state) {
    filter.state = state;
    g_autofree char *url = wait_filter_url(&filter);
    json_text_add_text(text, name, url);
}

static void write_lists(JsonText *text, const ResponseReport *report, const ResponseGroup *group) {
    json_text_begin_object(text, "lists");
    write_list(text, "waiting", response_filter(report, group, FIGURES_ALL, PERIOD_STILL_OPEN),
               WAIT_OPEN);
    write_list(text, "answered", response_filter(report, group, FIGURES_ALL, PERIOD_ENDED),
               WAIT_ANSWERED);
    write_list(text, "first", response_filter(report, group, FIGURES_FIRST, PERIOD_ENDED),
               WAIT_ANSWERED);
    json_text_end_object(text);
}

// group NULL: the total.
static void write_figures(JsonText *text, const ResponseReport *report, ResponseGroup *group) {
    ResponseGroup *shown = group == NULL ? report->total : group;
    const WaitFigures *all = &shown->sets[FIGURES_ALL];
    SeriesFigures first = series_read(&shown->sets[FIGURES_FIRST].elapsed);
    json_text_add_int(text, "waiting", all->open);
    json_text_add_instant(text, "oldest_started_at", all->oldest_open);
    json_text_add_int(text, "answered", all->elapsed.lengths->len);
    json_text_add_int(text, "first_n", (gint64)first.n);
    if (first.n == 0)
        json_text_add_null(text, "first_median_ms");
    else
        json_text_add_int(text, "first_median_ms", first.median);
    write_lists(text, report, group);
}

static void write_rows(JsonText *text, const char *name, const ResponseReport *report,
                       const ResponseNames *names) {
    json_text_begin_array(text, name);
    for (guint at = 0; at < report->groups->len; at++) {
        ResponseGroup *group = g_ptr_array_index(report->groups, at);
        const CutKey *key = &group->keys[0];
        json_text_begin_object(text, NULL);
        json_text_add_text(text, "id", *key->text == '\0' ? NULL : key->text);
        json_text_add_text(text, "label", response_names_label(names, report->query.cuts[0], key));
        write_figures(text, report, group);
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

static void write_board(JsonText *text, const ResponseReport *channels, const ResponseReport *teams,
                        const ResponseNames *names) {
    json_text_begin_object(text, NULL);
    json_text_add_instant(text, "at", channels->query.now);
    json_text_add_instant(text, "from", channels->query.filter.from);
    json_text_add_text(text, "zone", channels->zone_name);
    json_text_begin_object(text, "total");
    write_figures(text, channels, NULL);
    json_text_end_object(text);
    write_rows(text, "channels", channels, names);
    write_rows(text, "teams", teams, names);
    json_text_end_object(text);
}

static gboolean read_today(const char *zone_name, Instant now, Instant *from, GError **error) {
    ZoneClock clock;
    g_autoptr(GTimeZone) zone = zone_find(zone_name, error);
    if (zone == NULL)
        return FALSE;
    zone_clock_init(&clock, zone);
    *from = zone_clock_instant(&clock, zone_clock_day(&clock, now), 0, ZONE_START);
    return TRUE;
}

gboolean board_write(Db *db, const char *zone_name, Id viewer, Instant now, JsonText *text,
                     GError **error) {
    ResponseQuery query = {.filter = wait_filter_all(now), .zone_name = zone_name, .now = now};
    query.filter.period = PERIOD_ENDED;
    query.filter.viewer = viewer;
    query.cut_count = 1;
    if (!read_today(zone_name, now, &query.filter.from, error))
        return FALSE;
    query.cuts[0] = CUT_CHANNEL;
    g_autoptr(ResponseReport) channels = response_report_new(db, &query, error);
    query.cuts[0] = CUT_TEAM;
    g_autoptr(ResponseReport) teams =
        channels == NULL ? NULL : response_report_new(db, &query, error);
    g_autoptr(ResponseNames) names = teams == NULL ? NULL : response_names_new(db, error);
    if (names == NULL)
        return FALSE;
    write_board(text, channels, teams, names);
    return TRUE;
}
