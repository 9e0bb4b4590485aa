#include "store/view.h"

#include <string.h>

#include "base/error.h"
#include "store/visibility.h"

#define LIST_MAX 500

void view_free(View *view) {
    if (view == NULL)
        return;
    g_free(view->id);
    g_free(view->scope);
    g_free(view->name);
    g_free(view->query);
    g_free(view->sort);
    g_free(view->columns);
    g_free(view->icon);
    g_free(view);
}

static View *view_of_builtin(const BuiltinView *builtin, gint64 position) {
    View *view = g_new0(View, 1);
    view->id = g_strdup(builtin->id);
    view->scope = g_strdup("built_in");
    view->name = g_strdup(builtin->name);
    view->query = g_strdup(builtin->query);
    view->sort = g_strdup(builtin->sort);
    view->columns = g_strdup("[]");
    view->icon = g_strdup("");
    view->position = position;
    return view;
}

static View *view_of_row(DbRows *rows) {
    View *view = g_new0(View, 1);
    view->row_id = db_rows_id(rows, 0);
    view->id = g_strdup_printf("%" G_GINT64_FORMAT, view->row_id);
    view->scope = g_strdup(db_rows_text(rows, 1));
    view->owner_id = db_rows_id(rows, 2);
    view->team_id = db_rows_id(rows, 3);
    view->name = g_strdup(db_rows_text(rows, 4));
    view->query = g_strdup(db_rows_text(rows, 5));
    view->sort = g_strdup(db_rows_text(rows, 6));
    view->columns = g_strdup(db_rows_text(rows, 7));
    view->icon = g_strdup(db_rows_text(rows, 8));
    view->position = db_rows_int(rows, 9);
    view->version = db_rows_int(rows, 10);
    return view;
}

// Those of the reader; id 0: all of them.
static gboolean rows_append(Db *db, const ViewReader *reader, Id id, GPtrArray *views,
                            GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT id, scope, owner_id, team_id, name, query, sort, columns, icon, position, version"
        " FROM view WHERE (scope = 'all' OR (scope = 'own' AND owner_id = $1) OR (scope = 'team'"
        " AND ($2 = 1 OR team_id IN (SELECT team_id FROM agent_team WHERE agent_id = $1))"
        " AND " VISIBLE_TEAM("view.team_id", "$1") ")) AND ($3 = 0 OR id = $3)"
                                                   " ORDER BY position, id LIMIT $4",
        DB_VALUES(DB_INT(reader->agent_id), DB_INT(reader->may_share), DB_INT(id),
                  DB_INT(LIST_MAX)),
        error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(views, view_of_row(rows));
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

GPtrArray *view_list(Db *db, const ViewReader *reader, GError **error) {
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)view_free);
    for (const BuiltinView *view = builtin_views; view->id != NULL; view++)
        g_ptr_array_add(views, view_of_builtin(view, view - builtin_views));
    return rows_append(db, reader, 0, views, error) ? g_steal_pointer(&views) : NULL;
}

View *view_get(Db *db, const char *id, const ViewReader *reader, GError **error) {
    const BuiltinView *builtin = builtin_view_find(id);
    if (builtin != NULL)
        return view_of_builtin(builtin, builtin - builtin_views);
    Id row_id = id_parse(id, NULL);
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)view_free);
    if (row_id != 0 && !rows_append(db, reader, row_id, views, error))
        return NULL;
    if (views->len == 1)
        return g_ptr_array_steal_index(views, 0);
    error_set(error, ERROR_NOT_FOUND, "view_unknown", "there is no such view");
    return NULL;
}

static gboolean check_number(Db *db, const ViewDraft *draft, GError **error) {
    gint64 count = 0;
    gboolean is_own = strcmp(draft->scope, "own") == 0;
    if (!db_query_int(db,
                      is_own ? "SELECT COUNT(*) FROM view WHERE owner_id = $1 AND scope = 'own'"
                             : "SELECT COUNT(*) FROM view WHERE scope <> 'own' AND $1 = $1",
                      DB_VALUES(DB_INT(draft->owner_id)), &count, NULL, error))
        return FALSE;
    if (count < (is_own ? VIEWS_OF_AGENT_MAX : VIEWS_SHARED_MAX))
        return TRUE;
    error_set(error, ERROR_INVALID, "views_too_many",
              "there are too many views: remove one that is not used");
    return FALSE;
}

gboolean view_add(Db *db, const ViewDraft *draft, Instant now, GError **error) {
    return check_number(db, draft, error) &&
           db_run(
               db,
               "INSERT INTO view (id, scope, owner_id, team_id, name, query, sort, columns, icon,"
               " position, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
               DB_VALUES(DB_ID(draft->id), DB_TEXT(draft->scope), DB_INT(draft->owner_id),
                         DB_ID(draft->team_id), DB_TEXT(draft->name), DB_TEXT(draft->query),
                         DB_TEXT(draft->sort), DB_TEXT(draft->columns), DB_TEXT(draft->icon),
                         DB_INT(draft->position), DB_INSTANT(now)),
               error);
}

gboolean view_change(Db *db, const ViewDraft *draft, GError **error) {
    return db_run(db,
                  "UPDATE view SET scope = $2, owner_id = $3, team_id = $4, name = $5, query = $6,"
                  " sort = $7, columns = $8, icon = $9, position = $10, version = version + 1"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(draft->id), DB_TEXT(draft->scope), DB_INT(draft->owner_id),
                            DB_ID(draft->team_id), DB_TEXT(draft->name), DB_TEXT(draft->query),
                            DB_TEXT(draft->sort), DB_TEXT(draft->columns), DB_TEXT(draft->icon),
                            DB_INT(draft->position)),
                  error);
}

gboolean view_remove(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM view WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean view_place(Db *db, Id id, gint64 position, GError **error) {
    return db_run(db, "UPDATE view SET position = $2, version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INT(position)), error);
}
