// /api/v1/uploads: bytes for drafts and replies, brought before the message is sent.
#include <string.h>

#include "api/resources.h"
#include "api/rows.h"
#include "api/upload_load.h"
#include "base/error.h"

#define UPLOAD_MAX ((gsize)25 << 20)

static const RowsColumn columns[] = {
    {"id", COLUMN_ID}, {"name", COLUMN_TEXT}, {"type", COLUMN_TEXT}, {"size", COLUMN_INT}, {0},
};

typedef struct {
    Upload *upload;
    Blob *blob;
} NewUpload;

static void new_upload_free(gpointer data) {
    NewUpload *new = data;
    upload_free(new->upload);
    blob_free(new->blob);
    g_free(new);
}

static gboolean answer_upload(ApiCall *call, Db *db, Id id, GError **error) {
    json_t *json =
        rows_load_one(db, columns, "SELECT id, name, type, size FROM upload WHERE id = $1",
                      DB_VALUES(DB_ID(id)), "upload_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 201, json);
    return json != NULL;
}

static gboolean write_upload(ApiCall *call, Db *db, gpointer data, GError **error) {
    const NewUpload *new = data;
    return upload_add(db, new->upload, new->blob, clock_now(), error) &&
           answer_upload(call, db, new->upload->id, error);
}

// The header without parameters where it is a plain type.
static char *type_of(const ApiCall *call) {
    const char *type = api_call_header(call, "Content-Type");
    gsize length = type != NULL ? strcspn(type, "; \t") : 0;
    gboolean is_plain = length > 2 && length <= 100 && memchr(type, '/', length) != NULL;
    for (gsize at = 0; is_plain && at < length; at++)
        is_plain = g_ascii_isalnum(type[at]) || strchr("/.+-_", type[at]) != NULL;
    return is_plain ? g_ascii_strdown(type, (gssize)length) : g_strdup("application/octet-stream");
}

static Upload *read_upload(const ApiCall *call, GError **error) {
    const char *name = api_call_query(call, "name");
    char *clean = name != NULL ? attachment_name_clean(name) : NULL;
    Id agent_id = api_call_principal(call)->agent_id;
    if (clean == NULL || agent_id == 0) {
        g_free(clean);
        error_set(error, ERROR_INVALID, agent_id == 0 ? "agent_needed" : "field_invalid",
                  agent_id == 0 ? "an upload belongs to an agent: use an agent's token"
                                : "name must be a file's name, as ?name=photo.jpg");
        return NULL;
    }
    Upload *upload = g_new0(Upload, 1);
    upload->id = id_next();
    upload->agent_id = agent_id;
    upload->name = clean;
    upload->type = type_of(call);
    upload->size = (gint64)g_bytes_get_size(api_call_request(call)->body);
    return upload;
}

static void work_upload(ApiCall *call) {
    GError *error = NULL;
    NewUpload *new = g_new0(NewUpload, 1);
    new->upload = read_upload(call, &error);
    if (new->upload != NULL)
        new->blob = blob_prepare(api_call_parts(call)->store, api_call_request(call)->body, &error);
    if (new->blob != NULL) {
        api_call_write(call, write_upload, new, new_upload_free);
        return;
    }
    new_upload_free(new);
    api_call_fail(call, error);
}

static void add_upload(ApiCall *call) {
    api_call_work(call, work_upload);
}

static void work_bytes(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "upload", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    g_autoptr(Attachment) upload = db != NULL ? upload_load_attachment(call, db, id, &error) : NULL;
    if (upload == NULL) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_header(call, "Content-Disposition", "attachment");
    api_call_add_header(call, "Content-Security-Policy", "default-src 'none'; sandbox");
    api_call_answer_bytes(call, 200, "application/octet-stream", g_bytes_ref(upload->bytes));
}

static void get_upload(ApiCall *call) {
    api_call_work(call, work_bytes);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Id *id = data;
    g_autoptr(Upload) upload = upload_load(call, db, *id, error);
    if (upload == NULL || !upload_remove(db, *id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_upload(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "upload", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_upload_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/uploads",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = add_upload,
     .query = "name",
     .body_max = UPLOAD_MAX,
     .any_body = TRUE},
    {.method = "GET",
     .pattern = "/api/v1/uploads/{upload}",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = get_upload},
    {.method = "DELETE",
     .pattern = "/api/v1/uploads/{upload}",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = remove_upload},
    {0},
};
