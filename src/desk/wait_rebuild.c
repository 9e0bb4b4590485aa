// Making the tables of waits again from the event log (metrics.md "The event log is the source of
// truth").
#include "desk/wait_folder.h"
#include "desk/wait_projection.h"

#define REBUILD_AT_ONCE 1000

static const char linking_events[] =
    "SELECT conversation_id, type, data FROM event"
    " WHERE type IN ('merged', 'unmerged', 'joined', 'split', 'unsplit') ORDER BY seq";

static gboolean link_of_row(Db *db, DbRows *rows, GError **error) {
    EventType type;
    json_t *data = json_loads(db_rows_text(rows, 2), 0, NULL);
    gboolean is_known = event_type_parse(db_rows_text(rows, 1), &type);
    const char *name = type == EVENT_SPLIT || type == EVENT_UNSPLIT ? "to" : "from";
    Id other = is_known ? json_integer_value(json_object_get(data, name)) : 0;
    json_decref(data);
    return wait_link_add(db, db_rows_id(rows, 0), other, error);
}

gboolean wait_projection_rebuild_links(Db *db, GError **error) {
    g_autoptr(GError) failure = NULL;
    if (!db_run(db, "DELETE FROM wait_link", DB_NO_VALUES, error))
        return FALSE;
    g_autoptr(DbRows) rows = db_query(db, linking_events, DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure) && link_of_row(db, rows, &failure))
        ;
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

// Linked conversations are folded once, when the first of them is reached.
static gboolean rebuild_one(WaitFolder *folder, Id conversation_id, GError **error) {
    g_autoptr(GArray) family = wait_link_family(folder->db, conversation_id, error);
    if (family == NULL)
        return FALSE;
    return g_array_index(family, Id, 0) != conversation_id ||
           wait_folder_fold(folder, conversation_id, error);
}

gboolean wait_projection_rebuild_part(Db *db, Id after, guint limit, Id *last, GError **error) {
    WaitFolder folder;
    g_autoptr(GArray) ids =
        wait_id_list(db_query(db, "SELECT id FROM conversation WHERE id > $1 ORDER BY id LIMIT $2",
                              DB_VALUES(DB_INT(after), DB_INT(limit)), error),
                     error);
    if (ids == NULL)
        return FALSE;
    gboolean is_done = wait_folder_init(&folder, db, error);
    for (guint at = 0; is_done && at < ids->len; at++)
        is_done = rebuild_one(&folder, g_array_index(ids, Id, at), error);
    wait_folder_clear(&folder);
    if (is_done)
        *last = ids->len == 0 ? 0 : g_array_index(ids, Id, ids->len - 1);
    return is_done;
}

gboolean wait_projection_rebuild(Db *db, GError **error) {
    Id last = 0;
    if (!wait_projection_rebuild_links(db, error))
        return FALSE;
    do {
        if (!wait_projection_rebuild_part(db, last, REBUILD_AT_ONCE, &last, error))
            return FALSE;
    } while (last != 0);
    return TRUE;
}
