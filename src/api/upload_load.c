#include "api/upload_load.h"

#include "base/error.h"

static gboolean may_use(ApiCall *call, Db *db, const Upload *upload) {
    const Principal *principal = api_call_principal(call);
    if (principal->is_local || upload->agent_id == principal->agent_id)
        return TRUE;
    return upload->conversation_id != 0 &&
           visibility_check(db, api_call_viewer(call), VISIBILITY_CONVERSATION,
                            upload->conversation_id, NULL);
}

Upload *upload_load(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(Upload) upload = upload_get(db, id, error);
    if (upload == NULL || may_use(call, db, upload))
        return g_steal_pointer(&upload);
    error_set(error, ERROR_NOT_FOUND, "upload_unknown", "there is no such upload");
    return NULL;
}

Attachment *upload_load_attachment(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(Upload) upload = upload_load(call, db, id, error);
    GBytes *bytes =
        upload != NULL ? blob_read(api_call_parts(call)->store, db, upload->sha256, error) : NULL;
    if (bytes == NULL)
        return NULL;
    Attachment *attachment = attachment_new(upload->name, upload->type);
    attachment->bytes = bytes;
    attachment->size = upload->size;
    return attachment;
}
