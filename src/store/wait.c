#include "store/wait.h"

#include <jansson.h>

#include "base/error.h"
#include "store/wait_row.h"

#define FAMILY_MAX 10000

void wait_place_clear(WaitPlace *place) {
    g_clear_pointer(&place->lane, wait_lane_free);
}

static char *replies_format(const GArray *replies) {
    GString *text = g_string_new("[");
    for (guint at = 0; at < replies->len; at++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, at > 0 ? "," : "",
                               g_array_index(replies, Id, at));
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

static void replies_parse(const char *text, GArray *replies) {
    if (strcmp(text, "[]") == 0)
        return;
    json_t *list = json_loads(text, 0, NULL);
    size_t at;
    json_t *item;
    json_array_foreach(list, at, item) {
        Id id = json_integer_value(item);
        g_array_append_val(replies, id);
    }
    json_decref(list);
}

#define LANE_COLUMNS                                                                               \
    "l.last_occurred_at, l.last_event_id, l.begun_by, l.episodes, l.is_complex, l.assignee_id, "   \
    "l.team_id, l.priority, l.snoozed_ms, l.snoozed_since, l.replies"
#define LANE_FIRST 2
#define EPISODE_FIRST (LANE_FIRST + 11)
#define WAIT_FIRST_COLUMN (EPISODE_FIRST + EPISODE_ROW_SIZE)

static const char place_query[] =
    "SELECT (SELECT waits_from FROM channel WHERE id = $2),"
    " EXISTS (SELECT 1 FROM wait_link WHERE conversation_id = $1), " LANE_COLUMNS
    ", " EPISODE_ROW_COLUMNS ", " WAIT_ROW_COLUMNS " FROM (SELECT 1) one"
    " LEFT JOIN wait_lane l ON l.conversation_id = $1 LEFT JOIN episode e ON e.id = l.episode_id"
    " LEFT JOIN wait w ON w.id = l.wait_id";

static void lane_read(WaitLane *lane, DbRows *rows) {
    lane->last_occurred_at = db_rows_instant(rows, LANE_FIRST);
    lane->last_event_id = db_rows_id(rows, LANE_FIRST + 1);
    lane->begun_by = (BegunBy)db_rows_int(rows, LANE_FIRST + 2);
    lane->episodes = db_rows_int(rows, LANE_FIRST + 3);
    lane->assignee_id = db_rows_id(rows, LANE_FIRST + 5);
    lane->team_id = db_rows_id(rows, LANE_FIRST + 6);
    lane->priority = (int)db_rows_int(rows, LANE_FIRST + 7);
    lane->snoozed_ms = db_rows_int(rows, LANE_FIRST + 8);
    lane->snoozed_since = db_rows_instant(rows, LANE_FIRST + 9);
    replies_parse(db_rows_text(rows, LANE_FIRST + 10), lane->replies);
    if (!db_rows_is_null(rows, EPISODE_FIRST)) {
        lane->episode = episode_row_read(rows, EPISODE_FIRST);
        g_ptr_array_add(lane->episode_list, lane->episode);
    }
    if (!db_rows_is_null(rows, WAIT_FIRST_COLUMN)) {
        lane->wait = wait_row_read(rows, WAIT_FIRST_COLUMN);
        g_ptr_array_add(lane->wait_list, lane->wait);
    }
}

gboolean wait_place_load(Db *db, Id conversation_id, Id channel_id, WaitPlace *place,
                         GError **error) {
    *place = (WaitPlace){.waiting_since = INSTANT_NONE};
    g_autoptr(DbRows) rows =
        db_query(db, place_query, DB_VALUES(DB_ID(conversation_id), DB_ID(channel_id)), error);
    if (rows == NULL || !db_rows_next(rows, error))
        return FALSE;
    place->lane = wait_lane_new(conversation_id);
    place->waits_from = db_rows_instant(rows, 0);
    place->is_known = !db_rows_is_null(rows, LANE_FIRST);
    place->is_complex = db_rows_int(rows, 1) != 0 || db_rows_int(rows, LANE_FIRST + 4) != 0;
    if (place->is_known)
        lane_read(place->lane, rows);
    if (place->lane->wait != NULL)
        place->waiting_since = place->lane->wait->started_at;
    return TRUE;
}

static gboolean lane_row_save(Db *db, const WaitLane *lane, gboolean is_complex, GError **error) {
    g_autofree char *replies = replies_format(lane->replies);
    return db_run(
        db,
        "INSERT INTO wait_lane (conversation_id, last_occurred_at, last_event_id, begun_by,"
        " episodes, episode_id, wait_id, is_complex, assignee_id, team_id, priority, snoozed_ms,"
        " snoozed_since, replies) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
        " $14) ON CONFLICT (conversation_id) DO UPDATE SET last_occurred_at = $2,"
        " last_event_id = $3, begun_by = $4, episodes = $5, episode_id = $6, wait_id = $7,"
        " is_complex = $8, assignee_id = $9, team_id = $10, priority = $11, snoozed_ms = $12,"
        " snoozed_since = $13, replies = $14",
        DB_VALUES(DB_ID(lane->conversation_id), DB_INT(lane->last_occurred_at),
                  DB_ID(lane->last_event_id), DB_INT(lane->begun_by), DB_INT(lane->episodes),
                  DB_ID(lane->episode == NULL ? 0 : lane->episode->id),
                  DB_ID(lane->wait == NULL ? 0 : lane->wait->id), DB_INT(is_complex),
                  DB_ID(lane->assignee_id), DB_ID(lane->team_id), DB_INT(lane->priority),
                  DB_INT(lane->snoozed_ms), DB_INSTANT(lane->snoozed_since), DB_TEXT(replies)),
        error);
}

gboolean wait_lane_save(Db *db, const WaitLane *lane, gboolean is_linked, CalendarShelf *calendars,
                        GError **error) {
    for (guint at = 0; at < lane->episode_list->len; at++)
        if (!episode_row_save(db, g_ptr_array_index(lane->episode_list, at), calendars, error))
            return FALSE;
    for (guint at = 0; at < lane->wait_list->len; at++)
        if (!wait_row_save(db, g_ptr_array_index(lane->wait_list, at), calendars, error))
            return FALSE;
    // A lane that was only merged away has folded nothing.
    return lane->last_event_id == 0 ||
           lane_row_save(db, lane, is_linked || lane->suspended->len > 0, error);
}

gboolean wait_set_waiting_since(Db *db, Id conversation_id, Instant since, GError **error) {
    return db_run(db, "UPDATE conversation SET waiting_since = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(conversation_id), DB_INSTANT(since)), error);
}

static const char *const remove_steps[] = {
    "DELETE FROM wait_channel WHERE wait_id IN (SELECT id FROM wait WHERE conversation_id = $1)",
    "DELETE FROM wait WHERE conversation_id = $1",
    "DELETE FROM episode WHERE conversation_id = $1",
    "DELETE FROM wait_lane WHERE conversation_id = $1",
    "UPDATE conversation SET waiting_since = NULL WHERE id = $1 AND waiting_since IS NOT NULL",
};

gboolean wait_remove_conversation(Db *db, Id conversation_id, GError **error) {
    for (gsize step = 0; step < G_N_ELEMENTS(remove_steps); step++)
        if (!db_run(db, remove_steps[step], DB_VALUES(DB_ID(conversation_id)), error))
            return FALSE;
    return TRUE;
}

gboolean wait_link_add(Db *db, Id one, Id other, GError **error) {
    static const char insert[] = "INSERT INTO wait_link (conversation_id, other_id) VALUES ($1, $2)"
                                 " ON CONFLICT (conversation_id, other_id) DO NOTHING";
    return one == other || other == 0 ||
           (db_run(db, insert, DB_VALUES(DB_ID(one), DB_ID(other)), error) &&
            db_run(db, insert, DB_VALUES(DB_ID(other), DB_ID(one)), error));
}

GArray *wait_id_list(DbRows *taken, GError **error) {
    g_autoptr(DbRows) rows = taken;
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    while (rows != NULL && db_rows_next(rows, &failure)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(ids, id);
    }
    if (rows != NULL && failure == NULL)
        return g_steal_pointer(&ids);
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GArray *wait_link_family(Db *db, Id conversation_id, GError **error) {
    return wait_id_list(
        db_query(db,
                 "WITH RECURSIVE family (id) AS (SELECT $1 UNION SELECT l.other_id FROM wait_link l"
                 " JOIN family f ON l.conversation_id = f.id) SELECT id FROM family ORDER BY id"
                 " LIMIT $2",
                 DB_VALUES(DB_ID(conversation_id), DB_INT(FAMILY_MAX)), error),
        error);
}

GArray *wait_channel_list(Db *db, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) channels = g_array_new(FALSE, FALSE, sizeof(WaitChannel));
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT id, waits_from FROM channel ORDER BY id", DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        WaitChannel channel = {db_rows_id(rows, 0), db_rows_instant(rows, 1)};
        g_array_append_val(channels, channel);
    }
    if (failure == NULL)
        return g_steal_pointer(&channels);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}
