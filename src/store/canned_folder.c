#include "base/error.h"
#include "store/canned.h"

static gboolean found(gint64 changed, GError **error) {
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, "folder_unknown", "there is no such folder");
    return changed > 0;
}

gboolean canned_folder_add(Db *db, Id id, const char *name, gint64 position, Instant now,
                           GError **error) {
    GError *problem = NULL;
    gboolean done = db_run(
        db, "INSERT INTO canned_folder (id, name, position, created_at) VALUES ($1, $2, $3, $4)",
        DB_VALUES(DB_ID(id), DB_TEXT(name), DB_INT(position), DB_INSTANT(now)), &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "folder_exists",
                               "a folder of this name exists", error);
}

gboolean canned_folder_change(Db *db, Id id, const char *name, gint64 position, GError **error) {
    GError *problem = NULL;
    gint64 changed = 0;
    gboolean done =
        db_run_counted(db, "UPDATE canned_folder SET name = $2, position = $3 WHERE id = $1",
                       DB_VALUES(DB_ID(id), DB_TEXT(name), DB_INT(position)), &changed, &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "folder_exists",
                               "a folder of this name exists", error) &&
           found(changed, error);
}

gboolean canned_folder_remove(Db *db, Id id, GError **error) {
    gint64 changed = 0;
    return db_run(db, "UPDATE canned SET folder_id = NULL WHERE folder_id = $1",
                  DB_VALUES(DB_ID(id)), error) &&
           db_run_counted(db, "DELETE FROM canned_folder WHERE id = $1", DB_VALUES(DB_ID(id)),
                          &changed, error) &&
           found(changed, error);
}
