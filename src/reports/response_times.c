#include "reports/response_times.h"

#include "base/error.h"
#include "model/business_time.h"
#include "reports/response_collect.h"

static const char *const set_names[FIGURES_SETS] = {"all", "first", "next", "first_ever"};
static const char *const resolution_names[RESOLUTIONS] = {"first", "last", "open_time"};

const char *figure_set_name(FigureSet set) {
    return set_names[set];
}

const char *resolution_name(Resolution resolution) {
    return resolution_names[resolution];
}

// What must be read for a period, and what each reading is for. Survival estimates are always over
// the waits started in the period.
typedef struct {
    Period selects;
    guint roles; // 0 ends the list
} Pass;

static const Pass passes[PERIODS][4] = {
    [PERIOD_STARTED] = {{PERIOD_STARTED, ROLE_PLAIN | ROLE_COHORT | ROLE_OPEN}},
    [PERIOD_ENDED] = {{PERIOD_ENDED, ROLE_PLAIN},
                      {PERIOD_STARTED, ROLE_COHORT},
                      {PERIOD_STILL_OPEN, ROLE_OPEN}},
    [PERIOD_OPEN] = {{PERIOD_OPEN, ROLE_PLAIN | ROLE_OPEN}, {PERIOD_STARTED, ROLE_COHORT}},
};

static gboolean refuse_size(GError **error) {
    error_set(error, ERROR_INVALID, "report_too_large",
              "too many waits or groups for one report: choose a shorter period or a coarser cut");
    return FALSE;
}

// As seen from a channel: in its calendar; of an open wait, up to now.
static gboolean business_of(Collect *collect, const WaitRow *row, Id channel_id, gint64 *business,
                            GError **error) {
    const Wait *wait = row->wait;
    *business = row->business_ms;
    if (wait->state == WAIT_OPEN)
        return collect_age(collect, channel_id, wait->started_at, business, error);
    if (channel_id == wait->channel_id)
        return TRUE;
    const Calendar *calendar;
    if (!calendar_shelf_find(collect->calendars, channel_id, &calendar, error))
        return FALSE;
    gint64 measure = business_time_measure(calendar, wait->started_at, wait->ended_at);
    *business = measure == BUSINESS_TIME_NONE ? DURATION_NONE : measure;
    return TRUE;
}

static void add_to_group(Collect *collect, const WaitRow *row, guint roles, Id channel_id,
                         gint64 business) {
    ResponseGroup *group = collect_group(collect, row, roles, channel_id);
    // Only seen from one channel it can have been answered elsewhere.
    Id seen = collect->cuts_channel ? channel_id : row->wait->answering_channel_id;
    if (group != NULL)
        response_group_add_wait(group, row, roles, seen, business, collect->report->query.now);
}

static gboolean add_further_channels(Collect *collect, const WaitRow *row, guint roles,
                                     GError **error) {
    const GArray *channels = collect->cuts_channel ? row->wait->channels : NULL;
    for (guint at = 0; channels != NULL && at < channels->len; at++) {
        Id channel_id = g_array_index(channels, Id, at);
        gint64 business;
        if (!business_of(collect, row, channel_id, &business, error))
            return FALSE;
        add_to_group(collect, row, roles, channel_id, business);
    }
    return TRUE;
}

static gboolean add_row(Collect *collect, const WaitRow *row, guint roles, GError **error) {
    const ResponseQuery *query = &collect->report->query;
    const Wait *wait = row->wait;
    gint64 business;
    if (!business_of(collect, row, wait->channel_id, &business, error))
        return FALSE;
    Id seen = query->filter.channel_id == FILTER_ANY ? wait->answering_channel_id
                                                     : query->filter.channel_id;
    response_group_add_wait(collect->report->total, row, roles, seen, business, query->now);
    if (query->cut_count == 0)
        return TRUE;
    add_to_group(collect, row, roles, wait->channel_id, business);
    return add_further_channels(collect, row, roles, error);
}

static gboolean run_pass(Collect *collect, const Pass *pass, GError **error) {
    WaitFilter filter = collect->report->query.filter;
    GError *failure = NULL;
    gsize count = 0;
    filter.period = pass->selects;
    g_autoptr(DbRows) rows =
        wait_filter_query(collect->db, &filter, (WaitPosition){0}, RESPONSE_ROWS_MAX + 1, error);
    if (rows == NULL)
        return FALSE;
    collect->selects = pass->selects;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        g_auto(WaitRow) row = wait_filter_read(rows);
        if (++count > RESPONSE_ROWS_MAX || collect->report->groups->len > RESPONSE_GROUPS_MAX)
            refuse_size(&failure);
        else
            add_row(collect, &row, pass->roles, &failure);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean run_passes(Collect *collect, GError **error) {
    const Pass *list = passes[collect->report->query.filter.period];
    for (gsize at = 0; list[at].roles != 0; at++)
        if (!run_pass(collect, &list[at], error) ||
            !collect_resolutions(collect, list[at].selects, list[at].roles, error))
            return FALSE;
    return TRUE;
}

static ResponseReport *report_new(const ResponseQuery *query) {
    ResponseReport *report = g_new0(ResponseReport, 1);
    report->query = *query;
    report->query.zone_name = report->zone_name = g_strdup(query->zone_name);
    report->total = response_group_new();
    report->groups = g_ptr_array_new_with_free_func((GDestroyNotify)response_group_free);
    return report;
}

ResponseReport *response_report_new(Db *db, const ResponseQuery *query, GError **error) {
    g_assert(query->filter.period != PERIOD_STILL_OPEN);
    g_autoptr(GTimeZone) zone = zone_find(query->zone_name, error);
    if (zone == NULL)
        return NULL;
    g_autoptr(ResponseReport) report = report_new(query);
    Collect collect;
    collect_init(&collect, db, report, zone);
    gboolean is_done = run_passes(&collect, error);
    collect_clear(&collect);
    return is_done ? g_steal_pointer(&report) : NULL;
}

void response_report_free(ResponseReport *report) {
    if (report == NULL)
        return;
    g_free(report->zone_name);
    response_group_free(report->total);
    g_ptr_array_unref(report->groups);
    g_free(report);
}

WaitFilter response_filter(const ResponseReport *report, const ResponseGroup *group, FigureSet set,
                           Period period) {
    WaitFilter filter = report->query.filter;
    filter.period = period;
    if (set == FIGURES_FIRST || set == FIGURES_NEXT)
        filter.kind = set == FIGURES_FIRST ? WAIT_FIRST : WAIT_NEXT;
    if (set == FIGURES_FIRST_EVER)
        filter.is_first_ever = 1;
    for (gsize at = 0; group != NULL && at < report->query.cut_count; at++)
        cut_narrow(report->query.cuts[at], &group->keys[at], &filter);
    return filter;
}
