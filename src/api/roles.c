// /api/v1/roles and /api/v1/permissions: what may be granted, and to whom.
#include "api/field.h"
#include "api/permissions.h"
#include "api/public_json.h"
#include "api/resources.h"
#include "base/error.h"
#include "store/audit.h"
#include "store/role.h"
#include "store/visibility.h"

#define SELECT "SELECT id, name, permissions, created_at, version FROM role "

static json_t *role_to_json(DbRows *rows) {
    return json_pack("{s:o, s:s, s:o, s:b, s:o, s:I}", "id", id_to_json(db_rows_id(rows, 0)),
                     "name", db_rows_text(rows, 1), "permissions",
                     permissions_to_json(permission_set_parse(db_rows_text(rows, 2))), "built_in",
                     0, "created_at", instant_to_json(db_rows_instant(rows, 3)), "version",
                     db_rows_int(rows, 4));
}

static void add_built_in(json_t *items) {
    for (const BuiltInRole *role = role_list_built_in(); role->name != NULL; role++)
        json_array_append_new(items,
                              json_pack("{s:n, s:s, s:o, s:b, s:n, s:i}", "id", "name", role->name,
                                        "permissions", permissions_to_json(role->permissions),
                                        "built_in", 1, "created_at", "version", 1));
}

static gboolean add_made(Db *db, json_t *items, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, SELECT "ORDER BY name", DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &problem))
        json_array_append_new(items, role_to_json(rows));
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void list_roles(ApiCall *call) {
    GError *error = NULL;
    json_t *items = json_array();
    Db *db = api_call_reader(call, &error);
    add_built_in(items);
    if (db != NULL && add_made(db, items, &error)) {
        api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
        return;
    }
    json_decref(items);
    api_call_fail(call, error);
}

static void list_permissions(ApiCall *call) {
    api_call_answer_json(call, 200,
                         json_pack("{s:o}", "items", permissions_to_json(permission_set_all())));
}

typedef struct {
    Id id;
    char *name;
    PermissionSet permissions;
} RoleChange;

static void role_change_free(gpointer data) {
    RoleChange *change = data;
    g_free(change->name);
    g_free(change);
}

static RoleChange *decode(ApiCall *call, GError **error) {
    const char *name;
    json_t *list;
    PermissionSet permissions;
    if (!api_call_unpack(call, error, "{s:s, s:o}", "name", &name, "permissions", &list) ||
        !field_check_line("name", name, 1, 100, error) ||
        !permissions_read("permissions", list, &permissions, error))
        return NULL;
    if (!principal_may_grant(api_call_principal(call), permissions)) {
        error_set(error, ERROR_DENIED, "role_beyond_yours",
                  "this role may do more than you: an administrator must do that");
        return NULL;
    }
    RoleChange *change = g_new0(RoleChange, 1);
    *change = (RoleChange){.name = g_strdup(name), .permissions = permissions};
    return change;
}

static gboolean note(ApiCall *call, Db *db, const char *action, Id id, GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return visibility_refresh(db, error) &&
           audit_add(db, actor, actor_id, action, "role", id, NULL, error);
}

static gboolean answer_role(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)), error);
    if (rows == NULL || !db_rows_next(rows, error))
        return FALSE;
    api_call_add_version(call, db_rows_int(rows, 4));
    api_call_answer_json(call, status, role_to_json(rows));
    return TRUE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const RoleChange *change = data;
    Id id = id_next();
    return role_add(db, id, change->name, change->permissions, clock_now(), error) &&
           note(call, db, "role_added", id, error) && answer_role(call, db, id, 201, error);
}

static void add_role(ApiCall *call) {
    GError *error = NULL;
    RoleChange *change = decode(call, &error);
    if (change == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, change, role_change_free);
}

// The role as it is: nobody changes one that may do more than itself. Its version is the ETag.
static gboolean check_present(const ApiCall *call, Db *db, Id id, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_NOT_FOUND, "role_unknown", "there is no such role");
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!principal_may_grant(api_call_principal(call),
                             permission_set_parse(db_rows_text(rows, 2)))) {
        error_set(error, ERROR_DENIED, "role_beyond_yours",
                  "this role may do more than you: an administrator must do that");
        return FALSE;
    }
    return api_call_match_version(call, db_rows_int(rows, 4), error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const RoleChange *change = data;
    return check_present(call, db, change->id, error) &&
           role_change(db, change->id, change->name, change->permissions, error) &&
           note(call, db, "role_changed", change->id, error) &&
           answer_role(call, db, change->id, 200, error);
}

static void change_role(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "role", &error);
    RoleChange *change = id != 0 ? decode(call, &error) : NULL;
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    change->id = id;
    api_call_write(call, write_change, change, role_change_free);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    if (!check_present(call, db, id, error) || !role_remove(db, id, error) ||
        !note(call, db, "role_removed", id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_role(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "role", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_role_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/permissions",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_permissions},
    {.method = "GET",
     .pattern = "/api/v1/roles",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_roles},
    {.method = "POST",
     .pattern = "/api/v1/roles",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = add_role},
    {.method = "PUT",
     .pattern = "/api/v1/roles/{role}",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = change_role},
    {.method = "DELETE",
     .pattern = "/api/v1/roles/{role}",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = remove_role},
    {0},
};
