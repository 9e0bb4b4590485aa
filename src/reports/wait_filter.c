#include "reports/wait_filter.h"

#include <stdlib.h>

#include "store/visibility.h"

static const char *const period_names[PERIODS] = {
    [PERIOD_STARTED] = "started",
    [PERIOD_ENDED] = "ended",
    [PERIOD_OPEN] = "open",
    [PERIOD_STILL_OPEN] = "still_open",
};

const char *period_name(Period period) {
    return period_names[period];
}

gboolean period_parse(const char *name, Period *period) {
    for (guint at = 0; at < PERIODS; at++)
        if (g_strcmp0(period_names[at], name) == 0) {
            *period = (Period)at;
            return TRUE;
        }
    return FALSE;
}

WaitFilter wait_filter_all(Instant now) {
    return (WaitFilter){
        .period = PERIOD_STARTED,
        .from = 0,
        .to = now,
        .started_from = FILTER_ANY,
        .started_to = FILTER_ANY,
        .state = FILTER_ANY,
        .kind = FILTER_ANY,
        .is_first_ever = FILTER_ANY,
        .channel_id = FILTER_ANY,
        .agent_id = FILTER_ANY,
        .assignee_id = FILTER_ANY,
        .team_id = FILTER_ANY,
        .priority = FILTER_ANY,
        .shorter_than_ms = FILTER_ANY,
        .at_least_ms = FILTER_ANY,
        .business_shorter_than_ms = FILTER_ANY,
        .business_at_least_ms = FILTER_ANY,
        .is_elsewhere = FILTER_ANY,
        .conversation_id = FILTER_ANY,
    };
}

static void url_add(GString *url, const char *name, const char *value) {
    g_autofree char *escaped = g_uri_escape_string(value, ":", FALSE);
    g_string_append_printf(url, "%c%s=%s", strchr(url->str, '?') == NULL ? '?' : '&', name,
                           escaped);
}

static void url_add_instant(GString *url, const char *name, Instant value) {
    if (value == FILTER_ANY)
        return;
    g_autofree char *text = instant_format(value);
    url_add(url, name, text);
}

static void url_add_int(GString *url, const char *name, gint64 value) {
    char text[32];
    if (value == FILTER_ANY)
        return;
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
    url_add(url, name, text);
}

static void url_add_id(GString *url, const char *name, gint64 value) {
    if (value == 0)
        url_add(url, name, "none");
    else
        url_add_int(url, name, value);
}

char *wait_filter_url(const WaitFilter *filter) {
    GString *url = g_string_new("/api/v1/waits");
    url_add(url, "period", period_names[filter->period]);
    url_add_instant(url, "from", filter->from);
    url_add_instant(url, "to", filter->to);
    url_add_instant(url, "started_from", filter->started_from);
    url_add_instant(url, "started_to", filter->started_to);
    if (filter->state != FILTER_ANY)
        url_add(url, "state", wait_state_name((WaitState)filter->state));
    if (filter->kind != FILTER_ANY)
        url_add(url, "kind", wait_kind_name((WaitKind)filter->kind));
    url_add_int(url, "first_ever", filter->is_first_ever);
    url_add_id(url, "channel", filter->channel_id);
    url_add_id(url, "agent", filter->agent_id);
    url_add_id(url, "assignee", filter->assignee_id);
    url_add_id(url, "team", filter->team_id);
    url_add_int(url, "priority", filter->priority);
    url_add_int(url, "shorter_than_ms", filter->shorter_than_ms);
    url_add_int(url, "at_least_ms", filter->at_least_ms);
    url_add_int(url, "business_shorter_than_ms", filter->business_shorter_than_ms);
    url_add_int(url, "business_at_least_ms", filter->business_at_least_ms);
    url_add_int(url, "elsewhere", filter->is_elsewhere);
    url_add_id(url, "conversation", filter->conversation_id);
    if (filter->channel_kind != NULL)
        url_add(url, "channel_kind", filter->channel_kind);
    return g_string_free(url, FALSE);
}

#define SELECT                                                                                     \
    "SELECT w.id, w.conversation_id, w.episode_id, w.channel_id, w.kind, w.is_first_ever, "        \
    "w.state, w.started_at, w.ended_at, w.business_ms, w.calendar_version_id, w.snoozed_ms, "      \
    "w.bot_ms, w.rule_ms, w.campaign_ms, w.survey_ms, w.delivery_lag_ms, w.fetch_lag_ms, "         \
    "w.message_count, w.ended_event_id, w.resolved_event_id, w.resolved_at, "                      \
    "w.opening_message_id, w.answering_message_id, w.answered_by, w.answering_channel_id, "        \
    "w.assignee_at_start, w.team_at_start, "                                                       \
    "CASE WHEN w.state = 'open' THEN l.assignee_id ELSE w.assignee_at_end END, "                   \
    "CASE WHEN w.state = 'open' THEN l.team_id ELSE w.team_at_end END, w.priority_at_start, "      \
    "w.rule_version, w.last_event_id, c.kind, "                                                    \
    "(SELECT group_concat(x.channel_id) FROM wait_channel x WHERE x.wait_id = w.id) "              \
    "FROM wait w JOIN channel c ON c.id = w.channel_id "                                           \
    "LEFT JOIN wait_lane l ON l.conversation_id = w.conversation_id "

#define NARROW                                                                                     \
    " AND ($3 IS NULL OR w.started_at >= $3) AND ($4 IS NULL OR w.started_at < $4)"                \
    " AND ($5 IS NULL OR w.state = $5) AND ($6 IS NULL OR w.kind = $6)"                            \
    " AND ($7 IS NULL OR w.is_first_ever = $7)"                                                    \
    " AND ($8 IS NULL OR w.channel_id = $8 OR EXISTS (SELECT 1 FROM wait_channel x"                \
    " WHERE x.wait_id = w.id AND x.channel_id = $8))"                                              \
    " AND ($9 IS NULL OR coalesce(w.answered_by, 0) = $9)"                                         \
    " AND ($10 IS NULL OR coalesce(CASE WHEN w.state = 'open' THEN l.assignee_id"                  \
    " ELSE w.assignee_at_end END, 0) = $10)"                                                       \
    " AND ($11 IS NULL OR coalesce(CASE WHEN w.state = 'open' THEN l.team_id"                      \
    " ELSE w.team_at_end END, 0) = $11)"                                                           \
    " AND ($12 IS NULL OR c.kind = $12) AND ($13 IS NULL OR w.priority_at_start = $13)"            \
    " AND ($14 IS NULL OR w.elapsed_ms < $14) AND ($21 IS NULL OR w.elapsed_ms >= $21)"            \
    " AND ($22 IS NULL OR w.business_ms < $22) AND ($23 IS NULL OR w.business_ms >= $23)"          \
    " AND ($15 IS NULL OR (w.state = 'answered' AND w.answering_channel_id <> $8) = ($15 = 1))"    \
    " AND ($16 IS NULL OR w.conversation_id IN (SELECT $16 UNION"                                  \
    " SELECT id FROM conversation WHERE merged_into = $16))"                                       \
    " AND ($20 IS NULL OR EXISTS (SELECT 1 FROM conversation AS named JOIN conversation AS seen"   \
    " ON seen.id = COALESCE(named.merged_into, named.id) WHERE named.id = w.conversation_id "      \
    "AND " VISIBLE_CONVERSATION("seen",                                                            \
                                "$20") "))"                                                        \
                                       " AND ($18 IS NULL OR (w.started_at, w.id) < ($17, $18))"   \
                                       " ORDER BY w.started_at DESC, w.id DESC LIMIT $19"

static const char *const queries[PERIODS] = {
    [PERIOD_STARTED] = SELECT "WHERE w.started_at >= $1 AND w.started_at < $2" NARROW,
    [PERIOD_ENDED] = SELECT "WHERE w.ended_at >= $1 AND w.ended_at < $2" NARROW,
    [PERIOD_OPEN] =
        SELECT "WHERE w.started_at < $2 AND (w.state = 'open' OR w.ended_at >= $1)" NARROW,
    [PERIOD_STILL_OPEN] = SELECT "WHERE w.started_at < $2 AND w.state = 'open' AND $1 = $1" NARROW,
};

static DbValue optional(gint64 value) {
    return value == FILTER_ANY ? DB_NULL : DB_INT(value);
}

DbRows *wait_filter_query(Db *db, const WaitFilter *f, WaitPosition after, gint64 limit,
                          GError **error) {
    const char *state = f->state == FILTER_ANY ? NULL : wait_state_name((WaitState)f->state);
    const char *kind = f->kind == FILTER_ANY ? NULL : wait_kind_name((WaitKind)f->kind);
    // Lets the index of starts begin where the page does.
    gboolean is_by_start = f->period != PERIOD_ENDED && after.id != 0;
    Instant to = is_by_start ? MIN(f->to, after.started_at + 1) : f->to;
    return db_query(
        db, queries[f->period],
        DB_VALUES(DB_INT(f->from), DB_INT(to), optional(f->started_from), optional(f->started_to),
                  DB_TEXT(state), DB_TEXT(kind), optional(f->is_first_ever),
                  optional(f->channel_id), optional(f->agent_id), optional(f->assignee_id),
                  optional(f->team_id), DB_TEXT(f->channel_kind), optional(f->priority),
                  optional(f->shorter_than_ms), optional(f->is_elsewhere),
                  optional(f->conversation_id), DB_INT(after.started_at), DB_ID(after.id),
                  DB_INT(limit), DB_ID(f->viewer), optional(f->at_least_ms),
                  optional(f->business_shorter_than_ms), optional(f->business_at_least_ms)),
        error);
}

void wait_row_clear(WaitRow *row) {
    g_clear_pointer(&row->wait, wait_free);
}

static gint64 duration(DbRows *rows, int column) {
    return db_rows_is_null(rows, column) ? DURATION_NONE : db_rows_int(rows, column);
}

static void read_channels(Wait *wait, const char *list) {
    if (list == NULL)
        return;
    wait->channels = g_array_new(FALSE, FALSE, sizeof(Id));
    g_auto(GStrv) ids = g_strsplit(list, ",", 0);
    for (guint at = 0; ids[at] != NULL; at++) {
        Id id = g_ascii_strtoll(ids[at], NULL, 10);
        g_array_append_val(wait->channels, id);
    }
}

static void read_end(Wait *wait, DbRows *rows) {
    wait->ended_event_id = db_rows_id(rows, 19);
    wait->resolved_event_id = db_rows_id(rows, 20);
    wait->resolved_at = db_rows_instant(rows, 21);
    wait->opening_message_id = db_rows_id(rows, 22);
    wait->answering_message_id = db_rows_id(rows, 23);
    wait->answered_by = db_rows_id(rows, 24);
    wait->answering_channel_id = db_rows_id(rows, 25);
    wait->assignee_at_start = db_rows_id(rows, 26);
    wait->team_at_start = db_rows_id(rows, 27);
    wait->assignee_at_end = db_rows_id(rows, 28);
    wait->team_at_end = db_rows_id(rows, 29);
    wait->priority_at_start = (int)db_rows_int(rows, 30);
    wait->last_event_id = db_rows_id(rows, 32);
}

static Wait *read_wait(DbRows *rows) {
    Wait *wait = wait_new();
    wait->id = db_rows_id(rows, 0);
    wait->conversation_id = db_rows_id(rows, 1);
    wait->episode_id = db_rows_id(rows, 2);
    wait->channel_id = db_rows_id(rows, 3);
    wait_kind_parse(db_rows_text(rows, 4), &wait->kind);
    wait->is_first_ever = db_rows_int(rows, 5) != 0;
    wait_state_parse(db_rows_text(rows, 6), &wait->state);
    wait->started_at = db_rows_instant(rows, 7);
    wait->ended_at = db_rows_instant(rows, 8);
    wait->snoozed_ms = db_rows_int(rows, 11);
    for (int at = 0; at < AUTOMATICS; at++)
        wait->automatic_ms[at] = duration(rows, 12 + at);
    wait->delivery_lag_ms = duration(rows, 16);
    wait->fetch_lag_ms = db_rows_int(rows, 17);
    wait->message_count = db_rows_int(rows, 18);
    read_end(wait, rows);
    read_channels(wait, db_rows_text(rows, 34));
    return wait;
}

WaitRow wait_filter_read(DbRows *rows) {
    return (WaitRow){
        .wait = read_wait(rows),
        .business_ms = duration(rows, 9),
        .calendar_version_id = db_rows_id(rows, 10),
        .rule_version = db_rows_int(rows, 31),
        .channel_kind = g_intern_string(db_rows_text(rows, 33)),
    };
}

gint64 wait_row_elapsed(const WaitRow *row, Instant now) {
    Instant end = row->wait->state == WAIT_OPEN ? now : row->wait->ended_at;
    return MAX(0, end - row->wait->started_at);
}
