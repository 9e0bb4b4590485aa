#include "reports/response_collect.h"

#include <string.h>

void collect_init(Collect *collect, Db *db, ResponseReport *report, GTimeZone *zone) {
    *collect = (Collect){.db = db, .report = report};
    collect->by_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    collect->calendars = calendar_shelf_new(db);
    collect->ages = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)business_ages_free);
    zone_clock_init(&collect->clock, zone);
    for (gsize at = 0; at < report->query.cut_count; at++)
        collect->cuts_channel |= report->query.cuts[at] == CUT_CHANNEL;
}

static int group_compare(gconstpointer a, gconstpointer b) {
    const ResponseGroup *x = *(ResponseGroup *const *)a, *y = *(ResponseGroup *const *)b;
    int first = strcmp(x->keys[0].text, y->keys[0].text);
    return first != 0 ? first : strcmp(x->keys[1].text, y->keys[1].text);
}

void collect_clear(Collect *collect) {
    g_ptr_array_sort(collect->report->groups, group_compare);
    g_hash_table_unref(collect->by_keys);
    g_hash_table_unref(collect->ages);
    calendar_shelf_free(collect->calendars);
}

gboolean collect_age(Collect *collect, Id channel_id, Instant from, gint64 *business,
                     GError **error) {
    const Calendar *calendar;
    if (!calendar_shelf_find(collect->calendars, channel_id, &calendar, error))
        return FALSE;
    BusinessAges *ages = g_hash_table_lookup(collect->ages, calendar);
    if (ages == NULL) {
        ages = business_ages_new(calendar, collect->report->query.now);
        g_hash_table_insert(collect->ages, (gpointer)(guintptr)calendar, ages);
    }
    gint64 measure = business_ages_measure(ages, from);
    *business = measure == BUSINESS_TIME_NONE ? DURATION_NONE : measure;
    return TRUE;
}

static gboolean is_cut_by_time(const ResponseQuery *query) {
    for (gsize at = 0; at < query->cut_count; at++)
        if (cut_is_time(query->cuts[at]))
            return TRUE;
    return FALSE;
}

ResponseGroup *collect_group(Collect *collect, const WaitRow *row, guint roles, Id channel_id) {
    const ResponseQuery *query = &collect->report->query;
    const Wait *wait = row->wait;
    Instant at = collect->selects == PERIOD_ENDED ? wait->ended_at : wait->started_at;
    if (roles == ROLE_OPEN && is_cut_by_time(query) && at < query->filter.from)
        return NULL;
    CutKey keys[2] = {0};
    for (gsize cut = 0; cut < query->cut_count; cut++)
        keys[cut] = cut_key(query->cuts[cut], row, channel_id, at, &collect->clock);
    g_autofree char *name = g_strconcat(keys[0].text, "\n", keys[1].text, NULL);
    ResponseGroup *group = g_hash_table_lookup(collect->by_keys, name);
    if (group == NULL) {
        group = response_group_new();
        memcpy(group->keys, keys, sizeof keys);
        g_ptr_array_add(collect->report->groups, group);
        g_hash_table_insert(collect->by_keys, g_steal_pointer(&name), group);
    }
    return group;
}

#define SELECT                                                                                     \
    "SELECT e.id, e.channel_id, c.kind, e.started_at, e.first_resolved_at, e.last_resolved_at, "   \
    "e.open_since, e.open_ms, e.reopens, e.first_resolution_business_ms, "                         \
    "e.last_resolution_business_ms, e.open_business_ms, e.resolved_by, "                           \
    "CASE WHEN e.open_since IS NULL THEN e.assignee_at_resolution ELSE l.assignee_id END, "        \
    "CASE WHEN e.open_since IS NULL THEN e.team_at_resolution ELSE l.team_id END "                 \
    "FROM episode e JOIN channel c ON c.id = e.channel_id "                                        \
    "LEFT JOIN wait_lane l ON l.conversation_id = e.conversation_id "                              \
    "WHERE e.merged_into IS NULL AND "

static const char *const queries[PERIODS] = {
    [PERIOD_STARTED] = SELECT "e.started_at >= $1 AND e.started_at < $2 LIMIT $3",
    [PERIOD_ENDED] = SELECT "e.last_resolved_at >= $1 AND e.last_resolved_at < $2 LIMIT $3",
    [PERIOD_OPEN] = SELECT "e.started_at < $2 AND (e.open_since IS NOT NULL OR"
                           " e.last_resolved_at >= $1) LIMIT $3",
    [PERIOD_STILL_OPEN] =
        SELECT "e.started_at < $2 AND e.open_since IS NOT NULL AND $1 = $1 LIMIT $3",
};

static gint64 business_at(DbRows *rows, int column) {
    return db_rows_is_null(rows, column) ? DURATION_NONE : db_rows_int(rows, column);
}

// The episode in the shape of a wait, for the cuts and the filter.
static WaitRow episode_as_row(DbRows *rows) {
    Wait *wait = wait_new();
    wait->channel_id = db_rows_id(rows, 1);
    wait->started_at = db_rows_instant(rows, 3);
    wait->ended_at = db_rows_instant(rows, 5);
    wait->answered_by = db_rows_id(rows, 12);
    wait->assignee_at_end = db_rows_id(rows, 13);
    wait->team_at_end = db_rows_id(rows, 14);
    return (WaitRow){.wait = wait, .channel_kind = g_intern_string(db_rows_text(rows, 2))};
}

static gboolean is_wanted(gint64 wanted, gint64 value) {
    return wanted == FILTER_ANY || wanted == value;
}

static gboolean matches(const WaitFilter *filter, const WaitRow *row) {
    const Wait *wait = row->wait;
    return is_wanted(filter->channel_id, wait->channel_id) &&
           is_wanted(filter->agent_id, wait->answered_by) &&
           is_wanted(filter->assignee_id, wait->assignee_at_end) &&
           is_wanted(filter->team_id, wait->team_at_end) &&
           (filter->channel_kind == NULL || strcmp(filter->channel_kind, row->channel_kind) == 0);
}

static gint64 running_sum(gint64 before, gint64 running) {
    if (running == DURATION_NONE)
        return DURATION_NONE;
    return (before == DURATION_NONE ? 0 : before) + running;
}

static void resolution_read_elapsed(DbRows *rows, Instant now, ResolutionRow *row) {
    Instant started_at = db_rows_instant(rows, 3), first_at = db_rows_instant(rows, 4);
    Instant last_at = db_rows_instant(rows, 5), since = db_rows_instant(rows, 6);
    gboolean is_open = since != INSTANT_NONE, is_resolved = first_at != INSTANT_NONE;
    gint64 age = MAX(now, started_at) - started_at;
    *row = (ResolutionRow){.is_open = is_open, .reopens = db_rows_int(rows, 8)};
    row->is_ended[RESOLUTION_FIRST] = is_resolved;
    row->is_ended[RESOLUTION_LAST] = row->is_ended[RESOLUTION_OPEN_TIME] = !is_open;
    row->elapsed[RESOLUTION_FIRST] = is_resolved ? first_at - started_at : age;
    row->elapsed[RESOLUTION_LAST] = is_open ? age : last_at - started_at;
    row->elapsed[RESOLUTION_OPEN_TIME] = db_rows_int(rows, 7) + (is_open ? MAX(0, now - since) : 0);
}

static gboolean resolution_read_business(Collect *collect, DbRows *rows, ResolutionRow *row,
                                         GError **error) {
    gint64 age, open_age;
    Id channel_id = db_rows_id(rows, 1);
    for (int at = 0; at < RESOLUTIONS; at++)
        row->business[at] = business_at(rows, 9 + at);
    if (!row->is_open)
        return TRUE;
    if (!collect_age(collect, channel_id, db_rows_instant(rows, 3), &age, error) ||
        !collect_age(collect, channel_id, db_rows_instant(rows, 6), &open_age, error))
        return FALSE;
    if (!row->is_ended[RESOLUTION_FIRST])
        row->business[RESOLUTION_FIRST] = age;
    row->business[RESOLUTION_LAST] = age;
    row->business[RESOLUTION_OPEN_TIME] =
        running_sum(row->business[RESOLUTION_OPEN_TIME], open_age);
    return TRUE;
}

static gboolean add_episode(Collect *collect, DbRows *rows, guint roles, GError **error) {
    const ResponseQuery *query = &collect->report->query;
    ResolutionRow row;
    g_auto(WaitRow) seen = episode_as_row(rows);
    if (!matches(&query->filter, &seen))
        return TRUE;
    resolution_read_elapsed(rows, query->now, &row);
    if (!resolution_read_business(collect, rows, &row, error))
        return FALSE;
    response_group_add_resolution(collect->report->total, &row, roles);
    ResponseGroup *group =
        query->cut_count == 0 ? NULL : collect_group(collect, &seen, roles, seen.wait->channel_id);
    if (group != NULL)
        response_group_add_resolution(group, &row, roles);
    return TRUE;
}

gboolean collect_resolutions(Collect *collect, Period selects, guint roles, GError **error) {
    const WaitFilter *filter = &collect->report->query.filter;
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        collect->db, queries[selects],
        DB_VALUES(DB_INT(filter->from), DB_INT(filter->to), DB_INT(RESPONSE_ROWS_MAX)), error);
    if (rows == NULL)
        return FALSE;
    while (failure == NULL && db_rows_next(rows, &failure))
        add_episode(collect, rows, roles, &failure);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}
