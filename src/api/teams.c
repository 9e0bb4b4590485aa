// /api/v1/teams: groups of agents.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "store/audit.h"
#include "store/team.h"
#include "store/visibility.h"

#define SELECT                                                                                     \
    "SELECT id, name, is_private, created_at, (SELECT '[' || COALESCE(GROUP_CONCAT('\"' || "       \
    "agent_id || "                                                                                 \
    "'\"'), '') || ']' FROM agent_team WHERE team_id = team.id) FROM team "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},        {"name", COLUMN_TEXT},
    {"private", COLUMN_BOOL}, {"created_at", COLUMN_INSTANT},
    {"agents", COLUMN_RAW},   {0},
};

static void list_teams(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "WHERE " VISIBLE_TEAM("team.id", "$1") " ORDER BY name",
                     DB_VALUES(DB_ID(api_call_viewer(call))));
}

typedef struct {
    Id id;
    char *name;
    int is_private; // -1: stays
} TeamChange;

static void team_change_free(gpointer data) {
    TeamChange *change = data;
    g_free(change->name);
    g_free(change);
}

static TeamChange *decode(ApiCall *call, GError **error) {
    const char *name;
    int is_private = -1;
    if (!api_call_unpack(call, error, "{s:s, s?b}", "name", &name, "private", &is_private) ||
        !field_check_line("name", name, 1, 100, error))
        return NULL;
    TeamChange *change = g_new0(TeamChange, 1);
    change->name = g_strdup(name);
    change->is_private = is_private;
    return change;
}

static gboolean answer_team(ApiCall *call, Db *db, Id id, unsigned status, const char *action,
                            GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!visibility_refresh(db, error) ||
        !audit_add(db, actor, actor_id, action, "team", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "team_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, status, json);
    return json != NULL;
}

static gboolean set_private(Db *db, Id id, const TeamChange *change, GError **error) {
    return change->is_private < 0 || team_set_private(db, id, change->is_private, error);
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const TeamChange *change = data;
    Id id = id_next();
    return team_add(db, id, change->name, clock_now(), error) &&
           set_private(db, id, change, error) &&
           answer_team(call, db, id, 201, "team_added", error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const TeamChange *change = data;
    return team_rename(db, change->id, change->name, error) &&
           set_private(db, change->id, change, error) &&
           answer_team(call, db, change->id, 200, "team_changed", error);
}

static void add_team(ApiCall *call) {
    GError *error = NULL;
    TeamChange *change = decode(call, &error);
    if (change == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, change, team_change_free);
}

static void change_team(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "team", &error);
    TeamChange *change = id != 0 ? decode(call, &error) : NULL;
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    change->id = id;
    api_call_write(call, write_change, change, team_change_free);
}

const ApiRoute api_team_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/teams",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_teams},
    {.method = "POST",
     .pattern = "/api/v1/teams",
     .permission = PERMISSION_TEAM_MANAGE,
     .handler = add_team},
    {.method = "PATCH",
     .pattern = "/api/v1/teams/{team}",
     .permission = PERMISSION_TEAM_MANAGE,
     .handler = change_team},
    {0},
};
