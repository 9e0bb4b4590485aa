#include "store/audit.h"

gboolean audit_add(Db *db, Actor actor, Id actor_id, const char *action, const char *object,
                   Id object_id, json_t *data, GError **error) {
    char *text = data != NULL ? json_dumps(data, JSON_COMPACT) : NULL;
    json_decref(data);
    gboolean added =
        db_run(db,
               "INSERT INTO audit (id, actor, actor_id, action, object, object_id, recorded_at, "
               "data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               DB_VALUES(DB_ID(id_next()), DB_TEXT(actor_name(actor)), DB_ID(actor_id),
                         DB_TEXT(action), DB_TEXT(object), DB_ID(object_id),
                         DB_INSTANT(clock_now()), DB_TEXT(text != NULL ? text : "{}")),
               error);
    free(text);
    return added;
}
