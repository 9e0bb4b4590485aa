#include "store/foreign.h"

gboolean foreign_find(Db *db, const char *source, const char *source_id, ForeignPlaced *placed,
                      GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT conversation_id, channel_id, is_settled"
                                      " FROM foreign_conversation"
                                      " WHERE source = $1 AND source_id = $2",
                                      DB_VALUES(DB_TEXT(source), DB_TEXT(source_id)), error);
    if (rows == NULL)
        return FALSE;
    *placed = (ForeignPlaced){0};
    if (db_rows_next(rows, &failure))
        *placed = (ForeignPlaced){.conversation_id = db_rows_id(rows, 0),
                                  .channel_id = db_rows_id(rows, 1),
                                  .is_settled = db_rows_int(rows, 2) != 0};
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean foreign_add(Db *db, const char *source, const char *source_id, Id conversation_id,
                     Id channel_id, GError **error) {
    return db_run(
        db,
        "INSERT INTO foreign_conversation (source, source_id, conversation_id,"
        " channel_id) VALUES ($1, $2, $3, $4)",
        DB_VALUES(DB_TEXT(source), DB_TEXT(source_id), DB_ID(conversation_id), DB_ID(channel_id)),
        error);
}

gboolean foreign_settle(Db *db, const char *source, const char *source_id, GError **error) {
    return db_run(db,
                  "UPDATE foreign_conversation SET is_settled = 1"
                  " WHERE source = $1 AND source_id = $2",
                  DB_VALUES(DB_TEXT(source), DB_TEXT(source_id)), error);
}
