#include "store/draft.h"

#define SELECT                                                                                     \
    "SELECT id, conversation_id, owner_id, agent_id, mode, content, rev, updated_at, told_at"      \
    " FROM draft "

void draft_free(Draft *draft) {
    if (draft == NULL)
        return;
    g_free(draft->mode);
    g_free(draft->content);
    g_free(draft);
}

static GPtrArray *list(Db *db, const char *sql, const DbValue *values, gsize count,
                       GError **error) {
    GError *failure = NULL;
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        Draft *draft = g_new0(Draft, 1);
        *draft = (Draft){.id = db_rows_id(rows, 0),
                         .conversation_id = db_rows_id(rows, 1),
                         .owner_id = db_rows_int(rows, 2),
                         .agent_id = db_rows_id(rows, 3),
                         .mode = g_strdup(db_rows_text(rows, 4)),
                         .content = g_strdup(db_rows_text(rows, 5)),
                         .rev = db_rows_int(rows, 6),
                         .updated_at = db_rows_instant(rows, 7),
                         .told_at = db_rows_instant(rows, 8)};
        g_ptr_array_add(drafts, draft);
    }
    if (failure == NULL)
        return g_steal_pointer(&drafts);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean draft_find(Db *db, Id conversation_id, Id owner_id, Draft **draft, GError **error) {
    g_autoptr(GPtrArray) one =
        list(db, SELECT "WHERE conversation_id = $1 AND owner_id = $2 AND message_id IS NULL",
             DB_VALUES(DB_ID(conversation_id), DB_INT(owner_id)), error);
    if (one != NULL)
        *draft = one->len > 0 ? g_ptr_array_steal_index(one, 0) : NULL;
    return one != NULL;
}

GPtrArray *draft_list(Db *db, Id conversation_id, GError **error) {
    return list(db,
                SELECT "WHERE message_id IS NULL AND conversation_id IN (SELECT id FROM"
                       " conversation WHERE id = $1 UNION ALL SELECT id FROM conversation"
                       " WHERE merged_into = $1) ORDER BY updated_at DESC, id DESC",
                DB_VALUES(DB_ID(conversation_id)), error);
}

gboolean draft_add(Db *db, const Draft *draft, GError **error) {
    return db_run(db,
                  "INSERT INTO draft (id, conversation_id, owner_id, agent_id, mode, content, rev,"
                  " updated_at, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_VALUES(DB_ID(draft->id), DB_ID(draft->conversation_id),
                            DB_INT(draft->owner_id), DB_ID(draft->agent_id), DB_TEXT(draft->mode),
                            DB_TEXT(draft->content), DB_INT(draft->rev),
                            DB_INSTANT(draft->updated_at), DB_INSTANT(draft->told_at)),
                  error);
}

gboolean draft_change(Db *db, const Draft *draft, GError **error) {
    return db_run(db,
                  "UPDATE draft SET agent_id = $2, mode = $3, content = $4, rev = $5,"
                  " updated_at = $6, told_at = $7 WHERE id = $1",
                  DB_VALUES(DB_ID(draft->id), DB_ID(draft->agent_id), DB_TEXT(draft->mode),
                            DB_TEXT(draft->content), DB_INT(draft->rev),
                            DB_INSTANT(draft->updated_at), DB_INSTANT(draft->told_at)),
                  error);
}

gboolean draft_remove(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM draft WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean draft_take(Db *db, Id id, Id agent_id, Id conversation_id, Id message_id, gboolean *taken,
                    GError **error) {
    gint64 count = 0;
    gboolean done = db_run_counted(
        db,
        "UPDATE draft SET message_id = $4 WHERE id = $1 AND message_id IS NULL"
        " AND owner_id IN (0, $2) AND conversation_id IN (SELECT id FROM conversation"
        " WHERE id = $3 OR merged_into = $3)",
        DB_VALUES(DB_ID(id), DB_INT(agent_id), DB_ID(conversation_id), DB_ID(message_id)), &count,
        error);
    *taken = count > 0;
    return done;
}

gboolean draft_give_back(Db *db, Id message_id, GError **error) {
    return db_run(db,
                  "UPDATE draft SET message_id = NULL WHERE message_id = $1 AND NOT EXISTS"
                  " (SELECT 1 FROM draft AS other WHERE other.message_id IS NULL AND"
                  " other.conversation_id = draft.conversation_id AND other.owner_id ="
                  " draft.owner_id)",
                  DB_VALUES(DB_ID(message_id)), error);
}

gboolean draft_prune(Db *db, Instant before, guint limit, GError **error) {
    return db_run(db,
                  "DELETE FROM draft WHERE id IN (SELECT draft.id FROM draft JOIN message ON"
                  " message.id = draft.message_id WHERE draft.message_id IS NOT NULL AND"
                  " draft.updated_at < $1 AND message.state NOT IN ('held', 'queued') LIMIT $2)",
                  DB_VALUES(DB_INSTANT(before), DB_INT(limit)), error);
}
