// Uploads: bytes that an agent has brought for a message that is not sent yet. Bound to the agent,
// and to the conversation whose shared draft names them; forgotten when nothing has named them for
// two weeks. Used by api and desk.
#pragma once

#include "store/blob.h"

#define UPLOADS_MAX 200                      // of one agent
#define UPLOAD_BYTES_MAX ((gint64)500 << 20) // of one agent together
#define UPLOAD_KEPT_MS ((gint64)14 * 24 * 3600 * 1000)

typedef struct {
    Id id;
    Id agent_id;
    Id conversation_id; // 0: none
    char *name;
    char *type;
    gint64 size;
    guint8 sha256[SHA256_BYTES];
} Upload;

void upload_free(Upload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Upload, upload_free)

// NULL with an error (not found: upload_unknown).
Upload *upload_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// limit (uploads_too_many) where the agent has too many or too much already.
gboolean upload_add(Db *db, const Upload *upload, const Blob *blob, Instant now, GError **error);
gboolean upload_remove(Db *db, Id id, GError **error);

// A draft names it: kept for two more weeks; conversation_id 0: only its agent may use it still.
gboolean upload_touch(Db *db, Id id, Id conversation_id, Instant now, GError **error);

gboolean upload_prune(Db *db, Instant now, guint limit, GError **error);
