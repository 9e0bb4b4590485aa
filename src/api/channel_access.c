// /api/v1/channels/{channel}/access: whom a channel is for. One that is not restricted is for all.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "store/audit.h"
#include "store/visibility.h"

#define MEMBERS_MAX 1000
#define LIST(table, column)                                                                        \
    "(SELECT '[' || COALESCE(GROUP_CONCAT('\"' || " column " || '\"'), '') || ']' FROM " table     \
    " WHERE channel_id = channel.id)"
#define SELECT                                                                                     \
    "SELECT is_restricted, " LIST("channel_agent", "agent_id") ", " LIST(                          \
        "channel_team", "team_id") " FROM "                                                        \
                                   "channel WHERE id = $1 AND removed_at IS NULL"

static const RowsColumn columns[] = {
    {"restricted", COLUMN_BOOL},
    {"agents", COLUMN_RAW},
    {"teams", COLUMN_RAW},
    {0},
};

static void get_access(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "channel", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT, DB_VALUES(DB_ID(id)), "channel_unknown");
}

typedef struct {
    Id id;
    gboolean is_restricted;
    GArray *agents;
    GArray *teams;
} Access;

static void access_free(gpointer data) {
    Access *access = data;
    g_clear_pointer(&access->agents, g_array_unref);
    g_clear_pointer(&access->teams, g_array_unref);
    g_free(access);
}

static Access *decode(ApiCall *call, GError **error) {
    int restricted = 0;
    json_t *agents;
    json_t *teams;
    Access *access = g_new0(Access, 1);
    access->id = api_call_path_id(call, "channel", error);
    if (access->id != 0 &&
        api_call_unpack(call, error, "{s:b, s:o, s:o}", "restricted", &restricted, "agents",
                        &agents, "teams", &teams) &&
        (access->agents = field_read_ids("agents", agents, MEMBERS_MAX, error)) != NULL &&
        (access->teams = field_read_ids("teams", teams, MEMBERS_MAX, error)) != NULL) {
        access->is_restricted = restricted;
        return access;
    }
    access_free(access);
    return NULL;
}

static gboolean write_members(Db *db, const char *forget, const char *add, Id id,
                              const GArray *members, GError **error) {
    if (!db_run(db, forget, DB_VALUES(DB_ID(id)), error))
        return FALSE;
    for (guint at = 0; at < members->len; at++)
        if (!db_run(db, add, DB_VALUES(DB_ID(id), DB_ID(g_array_index(members, Id, at))), error))
            return FALSE;
    return TRUE;
}

static gboolean write_rows(Db *db, const Access *access, GError **error) {
    return write_members(db, "DELETE FROM channel_agent WHERE channel_id = $1",
                         "INSERT INTO channel_agent (channel_id, agent_id) VALUES ($1, $2) ON "
                         "CONFLICT DO NOTHING",
                         access->id, access->agents, error) &&
           write_members(db, "DELETE FROM channel_team WHERE channel_id = $1",
                         "INSERT INTO channel_team (channel_id, team_id) VALUES ($1, $2) ON "
                         "CONFLICT DO NOTHING",
                         access->id, access->teams, error) &&
           db_run(db, "UPDATE channel SET is_restricted = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(access->id), DB_INT(access->is_restricted)), error);
}

static gboolean write_access(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Access *access = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!write_rows(db, access, error) || !visibility_refresh(db, error) ||
        !audit_add(db, actor, actor_id, "channel_access_changed", "channel", access->id, NULL,
                   error))
        return FALSE;
    json_t *json =
        rows_load_one(db, columns, SELECT, DB_VALUES(DB_ID(access->id)), "channel_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    return json != NULL;
}

static void change_access(ApiCall *call) {
    GError *error = NULL;
    Access *access = decode(call, &error);
    if (access == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_access, access, access_free);
}

const ApiRoute api_channel_access_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/channels/{channel}/access",
     .permission = PERMISSION_CHANNEL_MANAGE,
     .handler = get_access},
    {.method = "PUT",
     .pattern = "/api/v1/channels/{channel}/access",
     .permission = PERMISSION_CHANNEL_MANAGE,
     .handler = change_access},
    {0},
};
