// Attachments that are still at their provider: which are due, and what became of fetching them.
// Used by desk/media. Adding rows is store/message.h's.
#pragma once

#include "model/attachment.h"
#include "store/blob.h"

typedef struct {
    Id id;
    Id message_id;
    Id conversation_id;
    Id channel_id;
    char *name;
    char *type;
    char *reference;
    gint64 size; // -1: not known
    gint64 attempts;
} PendingAttachment;

void pending_attachment_free(PendingAttachment *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PendingAttachment, pending_attachment_free)

// Those whose time has come, the longest waiting first; of PendingAttachment. NULL with an error.
GPtrArray *attachment_list_due(Db *db, Instant now, guint limit,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// When the next one is due; INSTANT_NONE: none.
gboolean attachment_next_due(Db *db, Instant *due, GError **error);

// The file at that place is another one now, still at the provider. Harmless where it is the same,
// or where there is none. Writer only.
gboolean attachment_replace(Db *db, Id message_id, gint64 position, const Attachment *attachment,
                            GError **error);

// Its bytes are here. Without effect where it was replaced meanwhile, as below. Writer only. blob
// is kept too.
gboolean attachment_set_stored(Db *db, const PendingAttachment *pending, const Blob *blob,
                               GError **error);

// It could not be had: again at next_at, or INSTANT_NONE for never. Writer only.
gboolean attachment_set_missed(Db *db, const PendingAttachment *pending, Instant next_at,
                               GError **error);
