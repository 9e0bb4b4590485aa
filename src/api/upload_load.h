// Uploads as a caller may use them: the agent's own, and those that the shared draft of a
// conversation names which the agent may see; every other one is not there. Used by uploads.c,
// drafts.c and replies.c.
#pragma once

#include "api/call.h"
#include "model/attachment.h"
#include "store/upload.h"

// NULL with an error (not found: upload_unknown).
Upload *upload_load(ApiCall *call, Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same with its bytes, as a message bears it. Not on the writer's thread.
Attachment *upload_load_attachment(ApiCall *call, Db *db, Id id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
