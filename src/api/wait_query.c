#include "api/wait_query.h"

#include <string.h>

#include "base/error.h"
#include "model/zone.h"

char *wait_query_zone(ApiCall *call, Db *db, GError **error) {
    const char *asked = api_call_query(call, "zone");
    if (asked != NULL) {
        g_autoptr(GTimeZone) zone = zone_find(asked, error);
        return zone == NULL ? NULL : g_strdup(asked);
    }
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT v.zone FROM calendar_version v JOIN channel c ON c.calendar_id ="
                 " v.calendar_id WHERE c.removed_at IS NULL ORDER BY v.valid_from DESC LIMIT 1",
                 DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    char *zone = g_strdup(db_rows_next(rows, &failure) ? db_rows_text(rows, 0) : "UTC");
    if (failure == NULL)
        return zone;
    g_free(zone);
    g_propagate_error(error, failure);
    return NULL;
}

static gboolean refuse(const char *name, const char *why, GError **error) {
    error_set(error, ERROR_INVALID, "query_invalid", "%s %s", name, why);
    return FALSE;
}

static gboolean read_instant(ApiCall *call, const char *name, GTimeZone *zone, Instant *instant,
                             GError **error) {
    const char *text = api_call_query(call, name);
    LocalDay day;
    if (text != NULL && local_day_parse(text, &day)) {
        ZoneClock clock;
        zone_clock_init(&clock, zone);
        *instant = zone_clock_instant(&clock, day, 0, ZONE_START);
        return TRUE;
    }
    return api_call_query_instant(call, name, instant, error);
}

static gboolean read_span(ApiCall *call, const char *zone_name, WaitFilter *filter,
                          GError **error) {
    g_autoptr(GTimeZone) zone = zone_find(zone_name, error);
    return zone != NULL && read_instant(call, "from", zone, &filter->from, error) &&
           read_instant(call, "to", zone, &filter->to, error) &&
           read_instant(call, "started_from", zone, &filter->started_from, error) &&
           read_instant(call, "started_to", zone, &filter->started_to, error);
}

// An id, or "none" for nobody.
static gboolean read_id(ApiCall *call, const char *name, gint64 *id, GError **error) {
    if (g_strcmp0(api_call_query(call, name), "none") == 0) {
        *id = 0;
        return TRUE;
    }
    return api_call_query_id(call, name, id, error);
}

static gboolean read_ids(ApiCall *call, WaitFilter *filter, GError **error) {
    return read_id(call, "channel", &filter->channel_id, error) &&
           read_id(call, "agent", &filter->agent_id, error) &&
           read_id(call, "assignee", &filter->assignee_id, error) &&
           read_id(call, "team", &filter->team_id, error) &&
           read_id(call, "conversation", &filter->conversation_id, error);
}

static gboolean read_lengths(ApiCall *call, WaitFilter *filter, GError **error) {
    const struct {
        const char *name;
        gint64 *value;
    } lengths[] = {
        {"shorter_than_ms", &filter->shorter_than_ms},
        {"at_least_ms", &filter->at_least_ms},
        {"business_shorter_than_ms", &filter->business_shorter_than_ms},
        {"business_at_least_ms", &filter->business_at_least_ms},
    };
    gboolean is_read = TRUE;
    for (gsize at = 0; is_read && at < G_N_ELEMENTS(lengths); at++)
        is_read =
            api_call_query_int(call, lengths[at].name, 0, G_MAXINT64, lengths[at].value, error);
    return is_read;
}

static gboolean read_numbers(ApiCall *call, WaitFilter *filter, GError **error) {
    return api_call_query_int(call, "first_ever", 0, 1, &filter->is_first_ever, error) &&
           api_call_query_int(call, "priority", -1, 2, &filter->priority, error) &&
           read_lengths(call, filter, error) &&
           api_call_query_int(call, "elsewhere", 0, 1, &filter->is_elsewhere, error);
}

static gboolean read_names(ApiCall *call, WaitFilter *filter, GError **error) {
    const char *period = api_call_query(call, "period"), *state = api_call_query(call, "state");
    const char *kind = api_call_query(call, "kind");
    WaitState wait_state;
    WaitKind wait_kind;
    if (period != NULL && !period_parse(period, &filter->period))
        return refuse("period", "is one of started, ended, open, still_open", error);
    if (state != NULL && !wait_state_parse(state, &wait_state))
        return refuse("state", "is one of open, answered, dismissed", error);
    if (kind != NULL && !wait_kind_parse(kind, &wait_kind))
        return refuse("kind", "is first or next", error);
    filter->state = state == NULL ? FILTER_ANY : (gint64)wait_state;
    filter->kind = kind == NULL ? FILTER_ANY : (gint64)wait_kind;
    filter->channel_kind = api_call_query(call, "channel_kind");
    return TRUE;
}

gboolean wait_query_read(ApiCall *call, const char *zone_name, Period initial_period,
                         Instant initial_from, Instant now, WaitFilter *filter, GError **error) {
    *filter = wait_filter_all(now);
    filter->viewer = api_call_viewer(call);
    filter->period = initial_period;
    filter->from = initial_from;
    if (!read_names(call, filter, error) || !read_span(call, zone_name, filter, error) ||
        !read_ids(call, filter, error) || !read_numbers(call, filter, error))
        return FALSE;
    if (filter->is_elsewhere != FILTER_ANY && filter->channel_id == FILTER_ANY)
        return refuse("elsewhere", "needs a channel to be seen from", error);
    return filter->from <= filter->to || refuse("from", "is after to", error);
}

gboolean wait_query_is_csv(const ApiCall *call) {
    const char *accept = api_call_header(call, "Accept");
    return g_strcmp0(api_call_query(call, "format"), "csv") == 0 ||
           (accept != NULL && g_str_has_prefix(accept, "text/csv"));
}
