// /api/v1/canned-folders: the shelves of canned replies, shared by all.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "store/canned.h"

#define SELECT "SELECT id, name, position, created_at FROM canned_folder "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"name", COLUMN_TEXT},
    {"position", COLUMN_INT},
    {"created_at", COLUMN_INSTANT},
    {0},
};

static void list_folders(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY position, name LIMIT 1000", DB_NO_VALUES);
}

typedef struct {
    Id id;
    const char *name; // lives in the call
    json_int_t position;
} Folder;

static gboolean answer_folder(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "folder_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, status, json);
    return json != NULL;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Folder *folder = data;
    Id id = id_next();
    return canned_folder_add(db, id, folder->name, folder->position, clock_now(), error) &&
           answer_folder(call, db, id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Folder *folder = data;
    return canned_folder_change(db, folder->id, folder->name, folder->position, error) &&
           answer_folder(call, db, folder->id, 200, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Folder *folder = data;
    if (!canned_folder_remove(db, folder->id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean decode(ApiCall *call, Folder *folder, GError **error) {
    return api_call_unpack(call, error, "{s:s, s?I}", "name", &folder->name, "position",
                           &folder->position) &&
           field_check_line("name", folder->name, 1, 100, error);
}

static void act(ApiCall *call, gboolean has_id, gboolean has_body, ApiWrite write) {
    GError *error = NULL;
    Folder *folder = g_new0(Folder, 1);
    if ((!has_id || (folder->id = api_call_path_id(call, "folder", &error)) != 0) &&
        (!has_body || decode(call, folder, &error))) {
        api_call_write(call, write, folder, g_free);
        return;
    }
    g_free(folder);
    api_call_fail(call, error);
}

static void add_folder(ApiCall *call) {
    act(call, FALSE, TRUE, write_new);
}

static void change_folder(ApiCall *call) {
    act(call, TRUE, TRUE, write_change);
}

static void remove_folder(ApiCall *call) {
    act(call, TRUE, FALSE, write_removal);
}

const ApiRoute api_canned_folder_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/canned-folders",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_folders},
    {.method = "POST",
     .pattern = "/api/v1/canned-folders",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = add_folder},
    {.method = "PUT",
     .pattern = "/api/v1/canned-folders/{folder}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = change_folder},
    {.method = "DELETE",
     .pattern = "/api/v1/canned-folders/{folder}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = remove_folder},
    {0},
};
