#include "store/role.h"

#include "base/error.h"

gboolean role_find(Db *db, const char *name, PermissionSet *permissions, gboolean *found,
                   GError **error) {
    GError *problem = NULL;
    *permissions = 0;
    *found = role_find_built_in(name, permissions);
    if (*found)
        return TRUE;
    g_autoptr(DbRows) rows = db_query(db, "SELECT permissions FROM role WHERE name = $1",
                                      DB_VALUES(DB_TEXT(name)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &problem);
    if (*found)
        *permissions = permission_set_parse(db_rows_text(rows, 0));
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean check_name(const char *name, GError **error) {
    PermissionSet permissions;
    if (!role_find_built_in(name, &permissions))
        return TRUE;
    error_set(error, ERROR_CONFLICT, "role_exists", "a role of this name exists");
    return FALSE;
}

gboolean role_add(Db *db, Id id, const char *name, PermissionSet permissions, Instant now,
                  GError **error) {
    GError *problem = NULL;
    g_autofree char *words = permission_set_format(permissions);
    if (!check_name(name, error))
        return FALSE;
    gboolean done =
        db_run(db, "INSERT INTO role (id, name, permissions, created_at) VALUES ($1, $2, $3, $4)",
               DB_VALUES(DB_ID(id), DB_TEXT(name), DB_TEXT(words), DB_INSTANT(now)), &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "role_exists",
                               "a role of this name exists", error);
}

gboolean role_change(Db *db, Id id, const char *name, PermissionSet permissions, GError **error) {
    GError *problem = NULL;
    g_autofree char *words = permission_set_format(permissions);
    if (!check_name(name, error) ||
        !db_run(db, "UPDATE agent SET role = $2 WHERE role = (SELECT name FROM role WHERE id = $1)",
                DB_VALUES(DB_ID(id), DB_TEXT(name)), error))
        return FALSE;
    gint64 changed = 0;
    gboolean done = db_run_counted(
        db, "UPDATE role SET name = $2, permissions = $3, version = version + 1 WHERE id = $1",
        DB_VALUES(DB_ID(id), DB_TEXT(name), DB_TEXT(words)), &changed, &problem);
    if (done && changed == 0)
        error_set(error, ERROR_NOT_FOUND, "role_unknown", "there is no such role");
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "role_exists",
                               "a role of this name exists", error) &&
           changed > 0;
}

gboolean role_remove(Db *db, Id id, GError **error) {
    gint64 removed = 0;
    gint64 agents = 0;
    gboolean found = FALSE;
    if (!db_query_int(db,
                      "SELECT COUNT(*) FROM agent WHERE role = (SELECT name FROM role WHERE id = "
                      "$1)",
                      DB_VALUES(DB_ID(id)), &agents, &found, error))
        return FALSE;
    if (agents > 0) {
        error_set(error, ERROR_CONFLICT, "role_in_use",
                  "agents have this role: give them another one first");
        return FALSE;
    }
    if (!db_run_counted(db, "DELETE FROM role WHERE id = $1", DB_VALUES(DB_ID(id)), &removed,
                        error))
        return FALSE;
    if (removed == 0)
        error_set(error, ERROR_NOT_FOUND, "role_unknown", "there is no such role");
    return removed > 0;
}
