// /api/v1/teams/{team}/assignment: how a team's conversations find their people.
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/assignment.h"
#include "store/assignment.h"
#include "store/audit.h"

#define MINUTES_MAX (30 * 24 * 60)
#define GIVEN_AT_ONCE 20 // the agenda gives out the rest

static json_t *assignment_json(const TeamAssignment *team) {
    char id[ID_TEXT_SIZE];
    json_t *minutes = team->reassign_after_minutes == REASSIGN_NEVER
                          ? json_null()
                          : json_integer(team->reassign_after_minutes);
    return json_pack("{s:s, s:s, s:o}", "team_id", id_format(team->team_id, id), "mode",
                     assignment_mode_name(team->mode), "reassign_after_minutes", minutes);
}

static void get_assignment(ApiCall *call) {
    GError *error = NULL;
    TeamAssignment team;
    Id id = api_call_path_id(call, "team", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db != NULL && team_assignment_get(db, id, &team, &error))
        api_call_answer_json(call, 200, assignment_json(&team));
    else
        api_call_fail(call, error);
}

typedef struct {
    Id team_id;
    gboolean sets_mode;
    AssignmentMode mode;
    gboolean sets_minutes;
    gint64 minutes;
} Change;

static gboolean read_mode(const char *mode, Change *change, GError **error) {
    change->sets_mode = mode != NULL;
    if (mode == NULL || assignment_mode_parse(mode, &change->mode))
        return TRUE;
    error_set(error, ERROR_INVALID, "mode_unknown",
              "mode must be none, round_robin or least_loaded");
    return FALSE;
}

static gboolean read_minutes(const json_t *minutes, Change *change, GError **error) {
    change->sets_minutes = minutes != NULL;
    change->minutes = REASSIGN_NEVER;
    if (minutes == NULL || json_is_null(minutes))
        return TRUE;
    change->minutes = json_integer_value(minutes);
    if (json_is_integer(minutes) && change->minutes >= 0 && change->minutes <= MINUTES_MAX)
        return TRUE;
    error_set(error, ERROR_INVALID, "minutes_invalid",
              "reassign_after_minutes must be 0 to %d, or null for never", MINUTES_MAX);
    return FALSE;
}

static gboolean decode(ApiCall *call, Change *change, GError **error) {
    const char *mode = NULL;
    json_t *minutes = NULL;
    change->team_id = api_call_path_id(call, "team", error);
    return change->team_id != 0 &&
           api_call_unpack(call, error, "{s?s, s?o}", "mode", &mode, "reassign_after_minutes",
                           &minutes) &&
           read_mode(mode, change, error) && read_minutes(minutes, change, error);
}

static gboolean record(const ApiCall *call, Db *db, const TeamAssignment *team, GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return audit_add(db, actor, actor_id, "assignment_changed", "team", team->team_id,
                     json_pack("{s:s, s:I}", "mode", assignment_mode_name(team->mode),
                               "reassign_after_minutes", (json_int_t)team->reassign_after_minutes),
                     error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    TeamAssignment team;
    if (!team_assignment_get(db, change->team_id, &team, error))
        return FALSE;
    if (change->sets_mode)
        team.mode = change->mode;
    if (change->sets_minutes)
        team.reassign_after_minutes = change->minutes;
    if (!team_assignment_set(db, &team, error) || !record(call, db, &team, error) ||
        !assignment_distribute(db, GIVEN_AT_ONCE, error))
        return FALSE;
    api_call_answer_json(call, 200, assignment_json(&team));
    return TRUE;
}

static void change_assignment(ApiCall *call) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    if (decode(call, change, &error)) {
        api_call_write(call, write_change, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

const ApiRoute api_team_assignment_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/teams/{team}/assignment",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_assignment},
    {.method = "PATCH",
     .pattern = "/api/v1/teams/{team}/assignment",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = change_assignment},
    {0},
};
