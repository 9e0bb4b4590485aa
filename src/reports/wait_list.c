#include "reports/wait_list.h"

#include <string.h>

#include "base/error.h"
#include "reports/csv.h"

static void add_duration(JsonText *text, const char *name, gint64 value) {
    if (value == DURATION_NONE)
        json_text_add_null(text, name);
    else
        json_text_add_int(text, name, value);
}

static void add_automatics(JsonText *text, const Wait *wait) {
    json_text_begin_object(text, "automatic_ms");
    for (int at = 0; at < AUTOMATICS; at++)
        add_duration(text, automatic_name((Automatic)at), wait->automatic_ms[at]);
    json_text_end_object(text);
}

static void add_channels(JsonText *text, const Wait *wait) {
    json_text_begin_array(text, "channels");
    json_text_add_id(text, NULL, wait->channel_id);
    for (guint at = 0; wait->channels != NULL && at < wait->channels->len; at++)
        json_text_add_id(text, NULL, g_array_index(wait->channels, Id, at));
    json_text_end_array(text);
}

static void add_people(JsonText *text, const Wait *wait) {
    json_text_add_id(text, "answered_by", wait->answered_by);
    json_text_add_id(text, "assignee_at_start", wait->assignee_at_start);
    json_text_add_id(text, "assignee_at_end", wait->assignee_at_end);
    json_text_add_id(text, "team_at_start", wait->team_at_start);
    json_text_add_id(text, "team_at_end", wait->team_at_end);
}

static void add_links(JsonText *text, const Wait *wait) {
    g_autofree char *explain =
        g_strdup_printf("/api/v1/waits/%" G_GINT64_FORMAT "/explain", wait->id);
    json_text_add_text(text, "explain", explain);
}

static void add_row(JsonText *text, const char *name, const WaitRow *row, Instant now) {
    const Wait *wait = row->wait;
    json_text_begin_object(text, name);
    json_text_add_id(text, "id", wait->id);
    json_text_add_id(text, "conversation_id", wait->conversation_id);
    json_text_add_id(text, "episode_id", wait->episode_id);
    json_text_add_id(text, "channel_id", wait->channel_id);
    add_channels(text, wait);
    json_text_add_text(text, "kind", wait_kind_name(wait->kind));
    json_text_add_bool(text, "is_first_ever", wait->is_first_ever);
    json_text_add_text(text, "state", wait_state_name(wait->state));
    json_text_add_instant(text, "started_at", wait->started_at);
    json_text_add_instant(text, "ended_at", wait->ended_at);
    json_text_add_int(text, "elapsed_ms", wait_row_elapsed(row, now));
    add_duration(text, "business_ms", row->business_ms);
    json_text_add_int(text, "snoozed_ms", wait->snoozed_ms);
    add_automatics(text, wait);
    add_duration(text, "delivery_lag_ms", wait->delivery_lag_ms);
    json_text_add_int(text, "fetch_lag_ms", wait->fetch_lag_ms);
    json_text_add_int(text, "message_count", wait->message_count);
    json_text_add_id(text, "opening_message_id", wait->opening_message_id);
    json_text_add_id(text, "answering_message_id", wait->answering_message_id);
    json_text_add_id(text, "answering_channel_id", wait->answering_channel_id);
    add_people(text, wait);
    json_text_add_int(text, "priority_at_start", wait->priority_at_start);
    json_text_add_id(text, "calendar_version_id", row->calendar_version_id);
    json_text_add_int(text, "rule_version", row->rule_version);
    add_links(text, wait);
    json_text_end_object(text);
}

static void add_next(JsonText *text, const WaitPosition *last, gboolean has_more) {
    g_autofree char *cursor =
        g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, last->started_at, last->id);
    json_text_add_text(text, "next", has_more ? cursor : NULL);
}

static gboolean finish(GError *failure, GError **error) {
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean wait_list_page(Db *db, const WaitFilter *filter, WaitPosition after, gint64 limit,
                        Instant now, JsonText *text, GError **error) {
    WaitPosition last = after;
    GError *failure = NULL;
    g_autoptr(DbRows) rows = wait_filter_query(db, filter, after, limit + 1, error);
    if (rows == NULL)
        return FALSE;
    gint64 count = 0;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &failure) && ++count <= limit) {
        g_auto(WaitRow) row = wait_filter_read(rows);
        add_row(text, NULL, &row, now);
        last = (WaitPosition){row.wait->started_at, row.wait->id};
    }
    json_text_end_array(text);
    add_next(text, &last, count > limit);
    json_text_end_object(text);
    return finish(failure, error);
}

gboolean wait_list_one(Db *db, Id id, Instant now, JsonText *text, const char *name,
                       GError **error) {
    GError *failure = NULL;
    Instant started_at;
    gboolean found;
    if (!db_query_int(db, "SELECT started_at FROM wait WHERE id = $1", DB_VALUES(DB_ID(id)),
                      &started_at, &found, error))
        return FALSE;
    WaitFilter filter = wait_filter_all(now);
    filter.from = started_at;
    filter.to = started_at + 1;
    // The page that begins just before this row.
    WaitPosition before = {started_at, id + 1};
    g_autoptr(DbRows) rows = wait_filter_query(db, &filter, before, 1, error);
    if (rows == NULL)
        return FALSE;
    if (found && db_rows_next(rows, &failure)) {
        g_auto(WaitRow) row = wait_filter_read(rows);
        add_row(text, name, &row, now);
        return TRUE;
    }
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "wait_unknown", "there is no wait %" G_GINT64_FORMAT,
                  id);
    return finish(failure, error);
}

static const char *const csv_columns[] = {
    "wait",
    "conversation",
    "episode",
    "channel",
    "kind",
    "first_ever",
    "state",
    "started_at",
    "ended_at",
    "elapsed_s",
    "business_s",
    "snoozed_s",
    "bot_s",
    "rule_s",
    "campaign_s",
    "survey_s",
    "delivery_lag_s",
    "fetch_lag_s",
    "messages",
    "opening_message",
    "answering_message",
    "answering_channel",
    "answered_by",
    "assignee_at_start",
    "assignee_at_end",
    "team_at_start",
    "team_at_end",
    "priority_at_start",
};

static void csv_names(GString *csv) {
    for (gsize at = 0; at < G_N_ELEMENTS(csv_columns); at++)
        csv_add_text(csv, csv_columns[at]);
    csv_end_line(csv);
}

static void csv_row(GString *csv, const WaitRow *row, Instant now) {
    const Wait *wait = row->wait;
    const Id ids[] = {wait->id, wait->conversation_id, wait->episode_id, wait->channel_id};
    const Id ends[] = {wait->opening_message_id,   wait->answering_message_id,
                       wait->answering_channel_id, wait->answered_by,
                       wait->assignee_at_start,    wait->assignee_at_end,
                       wait->team_at_start,        wait->team_at_end};
    for (gsize at = 0; at < G_N_ELEMENTS(ids); at++)
        csv_add_id(csv, ids[at]);
    csv_add_text(csv, wait_kind_name(wait->kind));
    csv_add_int(csv, wait->is_first_ever);
    csv_add_text(csv, wait_state_name(wait->state));
    csv_add_instant(csv, wait->started_at);
    csv_add_instant(csv, wait->ended_at);
    csv_add_duration(csv, wait_row_elapsed(row, now));
    csv_add_duration(csv, row->business_ms);
    csv_add_duration(csv, wait->snoozed_ms);
    for (int at = 0; at < AUTOMATICS; at++)
        csv_add_duration(csv, wait->automatic_ms[at]);
    csv_add_duration(csv, wait->delivery_lag_ms);
    csv_add_duration(csv, wait->fetch_lag_ms);
    csv_add_int(csv, wait->message_count);
    for (gsize at = 0; at < G_N_ELEMENTS(ends); at++)
        csv_add_id(csv, ends[at]);
    csv_add_int(csv, wait->priority_at_start);
    csv_end_line(csv);
}

gboolean wait_list_csv(Db *db, const WaitFilter *filter, Instant now, GString *csv,
                       GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = wait_filter_query(db, filter, (WaitPosition){0}, WAIT_CSV_MAX, error);
    if (rows == NULL)
        return FALSE;
    csv_names(csv);
    while (db_rows_next(rows, &failure)) {
        g_auto(WaitRow) row = wait_filter_read(rows);
        csv_row(csv, &row, now);
    }
    return finish(failure, error);
}
