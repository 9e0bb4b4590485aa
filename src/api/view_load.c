#include "api/view_load.h"

#include "base/error.h"

void view_clear(View *view) {
    g_free(view->query);
    g_free(view->sort);
}

gboolean view_load(Db *db, const char *id, Id agent_id, View *view, GError **error) {
    const BuiltinView *builtin = builtin_view_find(id);
    (void)db;
    (void)agent_id;
    if (builtin == NULL) {
        error_set(error, ERROR_INVALID, "view_unknown",
                  "view must be the id of a view as /api/v1/views lists them");
        return FALSE;
    }
    view->query = g_strdup(builtin->query);
    view->sort = g_strdup(builtin->sort);
    return TRUE;
}
