#include "store/tag.h"

#include "base/error.h"

gboolean tag_find_or_add(Db *db, const char *name, Id *id, GError **error) {
    gboolean found;
    return db_run(db, "INSERT INTO tag (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                  DB_VALUES(DB_ID(id_next()), DB_TEXT(name)), error) &&
           db_query_int(db, "SELECT id FROM tag WHERE name = $1", DB_VALUES(DB_TEXT(name)), id,
                        &found, error);
}

static gboolean check_there(Db *db, Id id, GError **error) {
    gint64 one = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT 1 FROM tag WHERE id = $1", DB_VALUES(DB_ID(id)), &one, &found,
                      error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "tag_unknown", "there is no such tag");
    return found;
}

gboolean tag_change(Db *db, Id id, const char *name, const char *color, GError **error) {
    gint64 other = 0;
    gboolean found = FALSE;
    if (!check_there(db, id, error) ||
        (name != NULL && !db_query_int(db, "SELECT id FROM tag WHERE name = $1 AND id <> $2",
                                       DB_VALUES(DB_TEXT(name), DB_ID(id)), &other, &found, error)))
        return FALSE;
    if (found) {
        error_set(error, ERROR_CONFLICT, "tag_exists",
                  "a tag of this name exists: merge them instead");
        return FALSE;
    }
    return db_run(db,
                  "UPDATE tag SET name = coalesce($2, name), color = coalesce($3, color)"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_TEXT(name), DB_TEXT(color)), error);
}

gboolean tag_remove(Db *db, Id id, GError **error) {
    return check_there(db, id, error) &&
           db_run(db, "DELETE FROM conversation_tag WHERE tag_id = $1", DB_VALUES(DB_ID(id)),
                  error) &&
           db_run(db, "DELETE FROM tag WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean tag_merge(Db *db, Id from, Id into, GError **error) {
    if (from == into) {
        error_set(error, ERROR_CONFLICT, "tags_are_one", "these are one tag already");
        return FALSE;
    }
    return check_there(db, into, error) &&
           db_run(db,
                  "INSERT INTO conversation_tag (conversation_id, tag_id) SELECT conversation_id,"
                  " $2 FROM conversation_tag WHERE tag_id = $1"
                  " ON CONFLICT (conversation_id, tag_id) DO NOTHING",
                  DB_VALUES(DB_ID(from), DB_ID(into)), error) &&
           tag_remove(db, from, error);
}
