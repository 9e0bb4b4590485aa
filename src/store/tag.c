#include "store/tag.h"

gboolean tag_find_or_add(Db *db, const char *name, Id *id, GError **error) {
    gboolean found;
    return db_run(db, "INSERT INTO tag (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                  DB_VALUES(DB_ID(id_next()), DB_TEXT(name)), error) &&
           db_query_int(db, "SELECT id FROM tag WHERE name = $1", DB_VALUES(DB_TEXT(name)), id,
                        &found, error);
}
