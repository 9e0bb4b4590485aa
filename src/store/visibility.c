#include "store/visibility.h"

#include "base/error.h"
#include "store/role.h"

// A row of the result when agent $2 may see the row $1.
#define SEEN_CONVERSATION(id)                                                                      \
    "SELECT 1 FROM conversation AS named JOIN conversation AS seen ON seen.id = "                  \
    "COALESCE(named.merged_into, named.id) WHERE named.id = " id                                   \
    " AND " VISIBLE_CONVERSATION("seen", "$2")

static const struct {
    const char *name;
    const char *code;
    const char *sql;
} objects[VISIBILITY_OBJECTS] = {
    [VISIBILITY_CONVERSATION] = {"conversation", "conversation_unknown", SEEN_CONVERSATION("$1")},
    [VISIBILITY_MESSAGE] = {"message", "message_unknown",
                            SEEN_CONVERSATION("(SELECT conversation_id FROM message WHERE id = "
                                              "$1)")},
    [VISIBILITY_ATTACHMENT] = {"attachment", "attachment_unknown",
                               SEEN_CONVERSATION("(SELECT conversation_id FROM message JOIN "
                                                 "attachment ON attachment.message_id = "
                                                 "message.id WHERE attachment.id = $1)")},
    [VISIBILITY_WAIT] = {"wait", "wait_unknown",
                         SEEN_CONVERSATION("(SELECT conversation_id FROM wait WHERE id = $1)")},
    [VISIBILITY_CUSTOMER] = {"customer", "customer_unknown",
                             "SELECT 1 FROM customer AS root WHERE root.id = (SELECT "
                             "root_id FROM customer WHERE id = $1) AND " VISIBLE_CUSTOMER("root",
                                                                                          "$2")},
    [VISIBILITY_CHANNEL] = {"channel", "channel_unknown",
                            "SELECT 1 FROM channel WHERE id = $1 AND " VISIBLE_CHANNEL("$1", "$2")},
    [VISIBILITY_TEAM] = {"team", "team_unknown",
                         "SELECT 1 FROM team WHERE id = $1 AND " VISIBLE_TEAM("$1", "$2")},
    [VISIBILITY_INTAKE] = {"intake", "intake_unknown",
                           "SELECT 1 FROM intake WHERE id = $1 AND " VISIBLE_CHANNEL(
                               "intake.channel_id", "$2")},
};

gboolean visibility_check(Db *db, Id agent_id, VisibilityObject object, Id id, GError **error) {
    gint64 one = 0;
    gboolean found = FALSE;
    if (!db_query_int(db, objects[object].sql, DB_VALUES(DB_ID(id), DB_ID(agent_id)), &one, &found,
                      error))
        return FALSE;
    if (found)
        return TRUE;
    error_set(error, ERROR_NOT_FOUND, objects[object].code, "there is no such %s",
              objects[object].name);
    return FALSE;
}

// What one agent must not see, from whom channels and teams are for.
static const char hide_channels[] =
    "INSERT INTO hidden_channel (agent_id, channel_id) SELECT $1, channel.id FROM channel WHERE "
    "channel.is_restricted = 1 AND NOT EXISTS (SELECT 1 FROM channel_agent WHERE "
    "channel_agent.channel_id = channel.id AND channel_agent.agent_id = $1) AND NOT EXISTS (SELECT "
    "1 FROM channel_team JOIN agent_team ON agent_team.team_id = channel_team.team_id WHERE "
    "channel_team.channel_id = channel.id AND agent_team.agent_id = $1)";

static const char hide_teams[] =
    "INSERT INTO hidden_team (agent_id, team_id) SELECT $1, team.id FROM team WHERE "
    "team.is_private = 1 AND NOT EXISTS (SELECT 1 FROM agent_team WHERE agent_team.team_id = "
    "team.id AND agent_team.agent_id = $1)";

static gboolean hide_from(Db *db, Id agent_id, GError **error) {
    return db_run(db, hide_channels, DB_VALUES(DB_ID(agent_id)), error) &&
           db_run(db, hide_teams, DB_VALUES(DB_ID(agent_id)), error);
}

// Agents whose role does not see everything.
static GArray *list_restricted(Db *db, GError **error) {
    GError *problem = NULL;
    g_autoptr(GArray) agents = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(DbRows) rows = db_query(db, "SELECT id, role FROM agent", DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    while (problem == NULL && db_rows_next(rows, &problem)) {
        Id id = db_rows_id(rows, 0);
        PermissionSet permissions;
        gboolean found;
        if (role_find(db, db_rows_text(rows, 1), &permissions, &found, &problem) &&
            !permission_set_has(permissions, PERMISSION_SEE_EVERYTHING))
            g_array_append_val(agents, id);
    }
    if (problem == NULL)
        return g_steal_pointer(&agents);
    g_propagate_error(error, problem);
    return NULL;
}

gboolean visibility_refresh(Db *db, GError **error) {
    g_autoptr(GArray) agents = list_restricted(db, error);
    if (agents == NULL || !db_run(db, "DELETE FROM hidden_channel", DB_NO_VALUES, error) ||
        !db_run(db, "DELETE FROM hidden_team", DB_NO_VALUES, error))
        return FALSE;
    for (guint at = 0; at < agents->len; at++)
        if (!hide_from(db, g_array_index(agents, Id, at), error))
            return FALSE;
    return TRUE;
}
