// Business times measured again after a calendar has got another version.
#include "store/wait.h"
#include "store/wait_row.h"

typedef struct {
    Id id, channel_id;
    Instant started_at, ended_at;
} Measured;

static GArray *ended_waits(Db *db, Id calendar_id, Instant from, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Measured));
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, channel_id, started_at, ended_at FROM wait WHERE ended_at > $2"
                 " AND channel_id IN (SELECT id FROM channel WHERE calendar_id = $1)",
                 DB_VALUES(DB_ID(calendar_id), DB_INT(from)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        Measured row = {db_rows_id(rows, 0), db_rows_id(rows, 1), db_rows_instant(rows, 2),
                        db_rows_instant(rows, 3)};
        g_array_append_val(list, row);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

static gboolean wait_measure(Db *db, const Measured *row, CalendarShelf *calendars,
                             GError **error) {
    DbValue business, version;
    return wait_row_measure(calendars, row->channel_id, row->started_at, row->ended_at, &business,
                            &version, error) &&
           db_run(db, "UPDATE wait SET business_ms = $2, calendar_version_id = $3 WHERE id = $1",
                  DB_VALUES(DB_ID(row->id), business, version), error);
}

static GPtrArray *resolved_episodes(Db *db, Id calendar_id, Instant from, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)episode_free);
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT " EPISODE_ROW_COLUMNS " FROM episode e WHERE last_resolved_at > $2"
                 " AND channel_id IN (SELECT id FROM channel WHERE calendar_id = $1)",
                 DB_VALUES(DB_ID(calendar_id), DB_INT(from)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, episode_row_read(rows, 0));
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

gboolean wait_measure_again(Db *db, Id calendar_id, Instant from, GError **error) {
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    g_autoptr(GArray) waits = ended_waits(db, calendar_id, from, error);
    g_autoptr(GPtrArray) episodes =
        waits == NULL ? NULL : resolved_episodes(db, calendar_id, from, error);
    if (episodes == NULL)
        return FALSE;
    for (guint at = 0; at < waits->len; at++)
        if (!wait_measure(db, &g_array_index(waits, Measured, at), calendars, error))
            return FALSE;
    for (guint at = 0; at < episodes->len; at++) {
        Episode *episode = g_ptr_array_index(episodes, at);
        episode->is_changed = TRUE;
        if (!episode_row_save(db, episode, calendars, error))
            return FALSE;
    }
    return TRUE;
}
