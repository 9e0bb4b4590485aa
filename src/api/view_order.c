// POST /api/v1/views/order: views in the order in which they are to be shown.
#include <string.h>

#include "api/field.h"
#include "api/resources.h"
#include "api/view_reader.h"
#include "base/error.h"

#define VIEWS_MAX 400

static void ids_free(gpointer data) {
    g_array_unref(data);
}

// Shared ones keep their place where the caller may not change it.
static gboolean place(ApiCall *call, Db *db, Id id, gint64 position, GError **error) {
    ViewReader reader = view_reader_of(call);
    char text[ID_TEXT_SIZE];
    g_autoptr(View) view = view_get(db, id_format(id, text), &reader, error);
    if (view == NULL)
        return FALSE;
    gboolean may = strcmp(view->scope, "own") == 0 || reader.may_share;
    return !may || view->position == position || view_place(db, view->row_id, position, error);
}

static gboolean write_order(ApiCall *call, Db *db, gpointer data, GError **error) {
    const GArray *ids = data;
    for (guint at = 0; at < ids->len; at++)
        if (!place(call, db, g_array_index(ids, Id, at), at, error))
            return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void order_views(ApiCall *call) {
    GError *error = NULL;
    json_t *list = NULL;
    GArray *ids = api_call_unpack(call, &error, "{s:o}", "ids", &list)
                      ? field_read_ids("ids", list, VIEWS_MAX, &error)
                      : NULL;
    if (ids == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_order, ids, ids_free);
}

const ApiRoute api_view_order_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/views/order",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = order_views},
    {0},
};
