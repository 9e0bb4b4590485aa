#include "store/wait_row.h"

#include <stdlib.h>
#include <string.h>

static DbValue duration(gint64 duration_ms) {
    return duration_ms == DURATION_NONE ? DB_NULL : DB_INT(duration_ms);
}

static gint64 read_duration(DbRows *rows, int column) {
    return db_rows_is_null(rows, column) ? DURATION_NONE : db_rows_int(rows, column);
}

Wait *wait_row_read(DbRows *rows, int first) {
    Wait *wait = wait_new();
    wait->id = db_rows_id(rows, first);
    wait->conversation_id = db_rows_id(rows, first + 1);
    wait->episode_id = db_rows_id(rows, first + 2);
    wait->channel_id = db_rows_id(rows, first + 3);
    wait_kind_parse(db_rows_text(rows, first + 4), &wait->kind);
    wait->is_first_ever = db_rows_int(rows, first + 5) != 0;
    wait->started_at = db_rows_instant(rows, first + 6);
    wait->snoozed_ms = db_rows_int(rows, first + 7);
    for (int at = 0; at < AUTOMATICS; at++)
        wait->automatic_ms[at] = read_duration(rows, first + 8 + at);
    wait->fetch_lag_ms = db_rows_int(rows, first + 12);
    wait->message_count = db_rows_int(rows, first + 13);
    wait->last_received_at = db_rows_instant(rows, first + 14);
    wait->last_event_id = db_rows_id(rows, first + 15);
    return wait;
}

char *open_spans_format(const GArray *spans) {
    GString *text = g_string_new(NULL);
    for (guint at = 0; at < spans->len; at++) {
        OpenSpan span = g_array_index(spans, OpenSpan, at);
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, at > 0 ? "," : "",
                               span.from, span.to);
    }
    return g_string_free(text, FALSE);
}

void open_spans_parse(const char *text, GArray *spans) {
    while (*text != '\0') {
        char *end;
        OpenSpan span = {.from = g_ascii_strtoll(text, &end, 10)};
        span.to = g_ascii_strtoll(*end == '-' ? end + 1 : end, &end, 10);
        g_array_append_val(spans, span);
        text = *end == ',' ? end + 1 : "";
    }
}

Episode *episode_row_read(DbRows *rows, int first) {
    Episode *episode = episode_new();
    episode->id = db_rows_id(rows, first);
    episode->conversation_id = db_rows_id(rows, first + 1);
    episode->channel_id = db_rows_id(rows, first + 2);
    episode->number = db_rows_int(rows, first + 3);
    episode->is_ours = strcmp(db_rows_text(rows, first + 4), "us") == 0;
    episode->started_at = db_rows_instant(rows, first + 5);
    episode->first_wait_id = db_rows_id(rows, first + 6);
    episode->first_response_ms = read_duration(rows, first + 7);
    episode->first_resolved_at = db_rows_instant(rows, first + 8);
    episode->last_resolved.at = db_rows_instant(rows, first + 9);
    episode->first_resolved_event_id = db_rows_id(rows, first + 10);
    episode->last_resolved.event_id = db_rows_id(rows, first + 11);
    episode->last_resolved.by = db_rows_id(rows, first + 12);
    episode->last_resolved.assignee_id = db_rows_id(rows, first + 13);
    episode->last_resolved.team_id = db_rows_id(rows, first + 14);
    episode->reopens = db_rows_int(rows, first + 15);
    episode->open_since = db_rows_instant(rows, first + 16);
    open_spans_parse(db_rows_text(rows, first + 17), episode->open_spans);
    episode->merged_into = db_rows_id(rows, first + 18);
    return episode;
}

gboolean wait_row_measure(CalendarShelf *calendars, Id channel_id, Instant from, Instant to,
                          DbValue *business, DbValue *version, GError **error) {
    const Calendar *calendar;
    *business = *version = DB_NULL;
    if (to == INSTANT_NONE)
        return TRUE;
    if (!calendar_shelf_find(calendars, channel_id, &calendar, error))
        return FALSE;
    gint64 measure = business_time_measure(calendar, from, to);
    if (measure == BUSINESS_TIME_NONE)
        return TRUE;
    *business = DB_INT(measure);
    *version = DB_ID(calendar_version_at(calendar, to)->id);
    return TRUE;
}

static gboolean wait_row_add(Db *db, const Wait *w, GError **error) {
    return db_run(
        db,
        "INSERT INTO wait (id, conversation_id, episode_id, channel_id, kind, is_first_ever, state,"
        " started_at, snoozed_ms, fetch_lag_ms, message_count, last_received_at, last_event_id,"
        " opening_message_id, assignee_at_start, team_at_start, priority_at_start, rule_version)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, 0, $8, $9, $10, $11, $12, $13, $14, $15,"
        " $16)",
        DB_VALUES(DB_ID(w->id), DB_ID(w->conversation_id), DB_ID(w->episode_id),
                  DB_ID(w->channel_id), DB_TEXT(wait_kind_name(w->kind)), DB_INT(w->is_first_ever),
                  DB_INT(w->started_at), DB_INT(w->fetch_lag_ms), DB_INT(w->message_count),
                  DB_INT(w->last_received_at), DB_ID(w->last_event_id),
                  DB_ID(w->opening_message_id), DB_ID(w->assignee_at_start),
                  DB_ID(w->team_at_start), DB_INT(w->priority_at_start), DB_INT(WAIT_RULE_VERSION)),
        error);
}

static gboolean wait_row_progress(Db *db, const Wait *w, GError **error) {
    return db_run(db,
                  "UPDATE wait SET snoozed_ms = $2, bot_ms = $3, rule_ms = $4, campaign_ms = $5,"
                  " survey_ms = $6, message_count = $7, last_received_at = $8, last_event_id = $9"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(w->id), DB_INT(w->snoozed_ms),
                            duration(w->automatic_ms[AUTOMATIC_BOT]),
                            duration(w->automatic_ms[AUTOMATIC_RULE]),
                            duration(w->automatic_ms[AUTOMATIC_CAMPAIGN]),
                            duration(w->automatic_ms[AUTOMATIC_SURVEY]), DB_INT(w->message_count),
                            DB_INT(w->last_received_at), DB_ID(w->last_event_id)),
                  error);
}

static gboolean wait_row_end(Db *db, const Wait *w, CalendarShelf *calendars, GError **error) {
    DbValue business, version;
    gboolean is_ended = w->state != WAIT_OPEN;
    return wait_row_measure(calendars, w->channel_id, w->started_at, w->ended_at, &business,
                            &version, error) &&
           db_run(db,
                  "UPDATE wait SET state = $2, ended_at = $3, elapsed_ms = $4, business_ms = $5,"
                  " calendar_version_id = $6, delivery_lag_ms = $7, ended_event_id = $8,"
                  " resolved_event_id = $9, resolved_at = $10, answering_message_id = $11,"
                  " answered_by = $12, answering_channel_id = $13, assignee_at_end = $14,"
                  " team_at_end = $15 WHERE id = $1",
                  DB_VALUES(DB_ID(w->id), DB_TEXT(wait_state_name(w->state)),
                            DB_INSTANT(w->ended_at),
                            is_ended ? DB_INT(w->ended_at - w->started_at) : DB_NULL, business,
                            version, duration(w->delivery_lag_ms), DB_ID(w->ended_event_id),
                            DB_ID(w->resolved_event_id), DB_INSTANT(w->resolved_at),
                            DB_ID(w->answering_message_id), DB_ID(w->answered_by),
                            DB_ID(w->answering_channel_id), DB_ID(w->assignee_at_end),
                            DB_ID(w->team_at_end)),
                  error);
}

static gboolean wait_row_channels(Db *db, const Wait *wait, GError **error) {
    for (guint at = 0; wait->channels != NULL && at < wait->channels->len; at++)
        if (!db_run(db,
                    "INSERT INTO wait_channel (wait_id, channel_id) VALUES ($1, $2)"
                    " ON CONFLICT (wait_id, channel_id) DO NOTHING",
                    DB_VALUES(DB_ID(wait->id), DB_ID(g_array_index(wait->channels, Id, at))),
                    error))
            return FALSE;
    return TRUE;
}

gboolean wait_row_save(Db *db, const Wait *wait, CalendarShelf *calendars, GError **error) {
    if (wait->is_new && !wait_row_add(db, wait, error))
        return FALSE;
    if (wait->is_changed && !wait_row_progress(db, wait, error))
        return FALSE;
    gboolean has_end = wait->state != WAIT_OPEN || wait->resolved_event_id != 0;
    if (has_end && !wait_row_end(db, wait, calendars, error))
        return FALSE;
    return wait_row_channels(db, wait, error);
}

gboolean episode_row_measure(const Episode *episode, CalendarShelf *calendars,
                             EpisodeBusiness *business, GError **error) {
    DbValue version;
    gint64 open = 0;
    Instant started_at = episode->started_at;
    *business = (EpisodeBusiness){DB_NULL, DB_NULL, DB_NULL};
    if (!wait_row_measure(calendars, episode->channel_id, started_at, episode->first_resolved_at,
                          &business->first, &version, error) ||
        !wait_row_measure(calendars, episode->channel_id, started_at, episode->last_resolved.at,
                          &business->last, &version, error))
        return FALSE;
    if (business->last.type == DB_VALUE_NULL)
        return TRUE;
    for (guint at = 0; at < episode->open_spans->len; at++) {
        OpenSpan span = g_array_index(episode->open_spans, OpenSpan, at);
        DbValue part;
        if (!wait_row_measure(calendars, episode->channel_id, span.from, span.to, &part, &version,
                              error))
            return FALSE;
        open += part.integer;
    }
    business->open = DB_INT(open);
    return TRUE;
}

static gboolean episode_row_add(Db *db, const Episode *e, GError **error) {
    return db_run(db,
                  "INSERT INTO episode (id, conversation_id, channel_id, number, began_by,"
                  " started_at, first_wait_id, reopens, open_since, open_spans, open_ms)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, '', 0)",
                  DB_VALUES(DB_ID(e->id), DB_ID(e->conversation_id), DB_ID(e->channel_id),
                            DB_INT(e->number), DB_TEXT(e->is_ours ? "us" : "customer"),
                            DB_INT(e->started_at), DB_ID(e->first_wait_id),
                            DB_INSTANT(e->open_since)),
                  error);
}

static gboolean episode_row_change(Db *db, const Episode *e, const EpisodeBusiness *business,
                                   GError **error) {
    g_autofree char *spans = open_spans_format(e->open_spans);
    return db_run(
        db,
        "UPDATE episode SET first_response_ms = $2, first_resolved_at = $3, last_resolved_at = $4,"
        " first_resolved_event_id = $5, last_resolved_event_id = $6, resolved_by = $7,"
        " assignee_at_resolution = $8, team_at_resolution = $9, reopens = $10, open_since = $11,"
        " open_spans = $12, open_ms = $13, first_resolution_business_ms = $14,"
        " last_resolution_business_ms = $15, open_business_ms = $16, merged_into = $17,"
        " first_wait_id = $18 WHERE id = $1",
        DB_VALUES(DB_ID(e->id), duration(e->first_response_ms), DB_INSTANT(e->first_resolved_at),
                  DB_INSTANT(e->last_resolved.at), DB_ID(e->first_resolved_event_id),
                  DB_ID(e->last_resolved.event_id), DB_ID(e->last_resolved.by),
                  DB_ID(e->last_resolved.assignee_id), DB_ID(e->last_resolved.team_id),
                  DB_INT(e->reopens), DB_INSTANT(e->open_since), DB_TEXT(spans),
                  DB_INT(episode_open_ms(e)), business->first, business->last, business->open,
                  DB_ID(e->merged_into), DB_ID(e->first_wait_id)),
        error);
}

gboolean episode_row_save(Db *db, const Episode *episode, CalendarShelf *calendars,
                          GError **error) {
    EpisodeBusiness business;
    if (episode->is_new && !episode_row_add(db, episode, error))
        return FALSE;
    return !episode->is_changed || (episode_row_measure(episode, calendars, &business, error) &&
                                    episode_row_change(db, episode, &business, error));
}
