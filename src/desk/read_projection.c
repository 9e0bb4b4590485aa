#include "desk/read_projection.h"

#include "store/conversation_read.h"

static GArray *list_members(Db *db, Id team_id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(DbRows) rows = db_query(db, "SELECT agent_id FROM agent_team WHERE team_id = $1",
                                      DB_VALUES(DB_ID(team_id)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(members, id);
    }
    if (failure == NULL)
        return g_steal_pointer(&members);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

static gboolean mention_team(Db *db, const Event *event, Id team_id, GError **error) {
    g_autoptr(GArray) members = list_members(db, team_id, error);
    for (guint at = 0; members != NULL && at < members->len; at++)
        if (!conversation_read_mention(db, g_array_index(members, Id, at), event->conversation_id,
                                       event->message_id, error))
            return FALSE;
    return members != NULL;
}

gboolean read_projection_apply(Db *db, const Event *event, GError **error) {
    size_t at;
    const json_t *id;
    if (event->type != EVENT_MENTIONED)
        return TRUE;
    json_array_foreach(json_object_get(event->data, "agents"), at,
                       id) if (!conversation_read_mention(db, json_integer_value(id),
                                                          event->conversation_id, event->message_id,
                                                          error)) return FALSE;
    json_array_foreach(
        json_object_get(event->data, "teams"), at,
        id) if (!mention_team(db, event, json_integer_value(id), error)) return FALSE;
    return TRUE;
}
