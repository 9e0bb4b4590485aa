#include "store/happening.h"

gboolean happening_remember(Db *db, Id channel_id, const char *event_key, Instant received_at,
                            gboolean *is_new, GError **error) {
    gint64 changed = 0;
    gboolean good = db_run_counted(
        db,
        "INSERT INTO happening (channel_id, event_key, received_at)"
        " VALUES ($1, $2, $3) ON CONFLICT (channel_id, event_key) DO NOTHING",
        DB_VALUES(DB_ID(channel_id), DB_TEXT(event_key), DB_INT(received_at)), &changed, error);
    *is_new = changed == 1;
    return good;
}

gboolean happening_keep(Db *db, Id channel_id, const char *message_key, const char *event_key,
                        const char *incoming, Instant received_at, GError **error) {
    return db_run(
        db,
        "INSERT INTO pending_happening (channel_id, message_key, event_key, incoming, received_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, message_key, event_key) DO NOTHING",
        DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key), DB_TEXT(event_key), DB_TEXT(incoming),
                  DB_INT(received_at)),
        error);
}

static GPtrArray *list_pending(Db *db, Id channel_id, const char *message_key, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT incoming FROM pending_happening"
                 " WHERE channel_id = $1 AND message_key = $2 ORDER BY event_key",
                 DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(pending, g_strdup(db_rows_text(rows, 0)));
    if (failure == NULL)
        return g_steal_pointer(&pending);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GPtrArray *happening_take(Db *db, Id channel_id, const char *message_key, GError **error) {
    g_autoptr(GPtrArray) pending = list_pending(db, channel_id, message_key, error);
    if (pending == NULL)
        return NULL;
    if (pending->len > 0 &&
        !db_run(db, "DELETE FROM pending_happening WHERE channel_id = $1 AND message_key = $2",
                DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key)), error))
        return NULL;
    return g_steal_pointer(&pending);
}
