#include "desk/live_notices.h"

#include "base/json_text.h"

#define AT_ONCE 500

static void tell(LiveEvents *live, DbRows *rows) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_add_text(&text, "t", "notify");
    json_text_add_id(&text, "id", db_rows_id(rows, 0));
    json_text_add_text(&text, "kind", db_rows_text(rows, 2));
    json_text_add_id(&text, "conversation_id", db_rows_id(rows, 3));
    json_text_add_id(&text, "message_id", db_rows_id(rows, 4));
    json_text_end_object(&text);
    live_events_tell(live, db_rows_id(rows, 1), db_rows_id(rows, 3), text.out->str);
}

gboolean live_notices_tell(LiveEvents *live, Db *db, Id *last, GError **error) {
    GError *failure = NULL;
    if (*last == 0)
        return db_query_int(db, "SELECT coalesce(max(id), 1) FROM notice", DB_NO_VALUES, last, NULL,
                            error);
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT id, agent_id, kind, conversation_id, message_id FROM"
                                      " notice WHERE id > $1 ORDER BY id LIMIT $2",
                                      DB_VALUES(DB_ID(*last), DB_INT(AT_ONCE)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        tell(live, rows);
        *last = db_rows_id(rows, 0);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}
