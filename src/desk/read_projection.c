#include "desk/read_projection.h"

#include "store/conversation_read.h"

static GArray *list_members(Db *db, Id team_id, GError **error) {
    return db_query_ids(db, "SELECT agent_id FROM agent_team WHERE team_id = $1",
                        DB_VALUES(DB_ID(team_id)), error);
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
