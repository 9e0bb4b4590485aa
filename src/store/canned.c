#include "store/canned.h"

#include "base/error.h"
#include "model/fold.h"

#define WORDS_MAX 300

static gboolean add_text(Db *db, Id id, gint64 position, const CannedText *text, GError **error) {
    return db_run(db,
                  "INSERT INTO canned_text (canned_id, position, language, subject, text, html)"
                  " VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_VALUES(DB_ID(id), DB_INT(position), DB_TEXT(text->language),
                            DB_TEXT(text->subject), DB_TEXT(text->text), DB_TEXT(text->html)),
                  error);
}

static char **words_of(const Canned *canned) {
    g_autoptr(GString) all = g_string_new(canned->shortcut);
    g_string_append_printf(all, " %s", canned->name);
    for (guint at = 0; at < canned->texts->len; at++)
        g_string_append_printf(all, " %s", ((const CannedText *)canned->texts->pdata[at])->text);
    return fold_words(all->str, WORDS_MAX);
}

static gboolean add_words(Db *db, const Canned *canned, GError **error) {
    g_auto(GStrv) words = words_of(canned);
    for (char **word = words; *word != NULL; word++)
        if (!db_run(db, "INSERT INTO canned_word (word, canned_id) VALUES ($1, $2)",
                    DB_VALUES(DB_TEXT(*word), DB_ID(canned->id)), error))
            return FALSE;
    return TRUE;
}

static gboolean add_parts(Db *db, const Canned *canned, GError **error) {
    for (guint at = 0; at < canned->texts->len; at++)
        if (!add_text(db, canned->id, at, canned->texts->pdata[at], error))
            return FALSE;
    return add_words(db, canned, error);
}

static gboolean remove_parts(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM canned_text WHERE canned_id = $1", DB_VALUES(DB_ID(id)),
                  error) &&
           db_run(db, "DELETE FROM canned_word WHERE canned_id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean canned_add(Db *db, Canned *canned, Instant now, GError **error) {
    GError *problem = NULL;
    canned->id = canned->id != 0 ? canned->id : id_next();
    gboolean done =
        db_run(db,
               "INSERT INTO canned (id, agent_id, team_id, folder_id, shortcut, name, position,"
               " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               DB_VALUES(DB_ID(canned->id), DB_ID(canned->agent_id), DB_ID(canned->team_id),
                         DB_ID(canned->folder_id), DB_TEXT(canned->shortcut), DB_TEXT(canned->name),
                         DB_INT(canned->position), DB_INSTANT(now)),
               &problem);
    return db_explain_conflict(done, problem, ERROR_INVALID, "owner_unknown",
                               "there is no such team or folder", error) &&
           add_parts(db, canned, error);
}

static gboolean update(Db *db, const Canned *canned, gint64 *changed, GError **error) {
    GError *problem = NULL;
    gboolean done = db_run_counted(
        db,
        "UPDATE canned SET agent_id = $2, team_id = $3, folder_id = $4, shortcut = $5,"
        " name = $6, position = $7, version = version + 1"
        " WHERE id = $1 AND ($8 = 0 OR version = $8)",
        DB_VALUES(DB_ID(canned->id), DB_ID(canned->agent_id), DB_ID(canned->team_id),
                  DB_ID(canned->folder_id), DB_TEXT(canned->shortcut), DB_TEXT(canned->name),
                  DB_INT(canned->position), DB_INT(canned->version)),
        changed, &problem);
    return db_explain_conflict(done, problem, ERROR_INVALID, "owner_unknown",
                               "there is no such team or folder", error);
}

gboolean canned_change(Db *db, Canned *canned, GError **error) {
    gint64 changed = 0;
    if (!update(db, canned, &changed, error))
        return FALSE;
    if (changed == 0) {
        error_set(error, ERROR_PRECONDITION, "version_conflict",
                  "the canned reply has changed since it was read: read it again");
        return FALSE;
    }
    return remove_parts(db, canned->id, error) && add_parts(db, canned, error);
}

gboolean canned_remove(Db *db, Id id, GError **error) {
    gint64 changed = 0;
    if (!remove_parts(db, id, error) || !db_run_counted(db, "DELETE FROM canned WHERE id = $1",
                                                        DB_VALUES(DB_ID(id)), &changed, error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, "canned_unknown", "there is no such canned reply");
    return changed > 0;
}

static Canned *read_canned(Db *db, Id id, const OwnedViewer *viewer, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT agent_id, team_id, folder_id, shortcut, name, position, version,"
                 " use_count, used_at, created_at FROM canned c WHERE id = $1 AND ($4 = 1 "
                 "OR " OWNED_OR_SHARED("c", "$2", "$3") ")",
                 DB_VALUES(DB_ID(id), DB_INT(viewer != NULL ? viewer->agent_id : 0),
                           DB_INT(viewer != NULL && viewer->sees_teams), DB_INT(viewer == NULL)),
                 error);
    if (rows == NULL)
        return NULL;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "canned_unknown", "there is no such canned reply");
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    Canned *canned = canned_new();
    canned->id = id;
    canned->agent_id = db_rows_id(rows, 0);
    canned->team_id = db_rows_id(rows, 1);
    canned->folder_id = db_rows_id(rows, 2);
    canned->shortcut = g_strdup(db_rows_text(rows, 3));
    canned->name = g_strdup(db_rows_text(rows, 4));
    canned->position = db_rows_int(rows, 5);
    canned->version = db_rows_int(rows, 6);
    canned->use_count = db_rows_int(rows, 7);
    canned->used_at = db_rows_instant(rows, 8);
    canned->created_at = db_rows_instant(rows, 9);
    return canned;
}

Canned *canned_get(Db *db, Id id, const OwnedViewer *viewer, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(Canned) canned = read_canned(db, id, viewer, error);
    if (canned == NULL)
        return NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT language, subject, text, html FROM canned_text"
                                      " WHERE canned_id = $1 ORDER BY position",
                                      DB_VALUES(DB_ID(id)), error);
    while (rows != NULL && db_rows_next(rows, &failure))
        canned_add_text(canned, db_rows_text(rows, 0), db_rows_text(rows, 1), db_rows_text(rows, 2),
                        db_rows_text(rows, 3));
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    else if (rows != NULL)
        return g_steal_pointer(&canned);
    return NULL;
}

gboolean canned_use(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE canned SET use_count = use_count + 1, used_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}
