// A file that belongs to a message, on its way in or out. Bytes are either here or still at the
// provider (reference). Made by codecs; the store keeps the bytes as a blob named by their SHA-256.
#pragma once

#include <glib.h>

typedef struct {
    char *name; // the sender's file name, cleaned of paths and control characters; NULL when it had
                // none
    char *type; // media type in lower case, as declared; never NULL
    char *content_id; // without <>, for cid: links; NULL when it has none
    gboolean is_inline;
    gint64 size;     // bytes; -1 when not known
    GBytes *bytes;   // NULL while the bytes are still at the provider
    char *reference; // how the channel kind's media() finds them (Telegram file_id, a URL); NULL
                     // with bytes
} Attachment;

Attachment *attachment_new(const char *name, const char *type) G_GNUC_WARN_UNUSED_RESULT;
void attachment_free(Attachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attachment, attachment_free)

// An empty GPtrArray that owns Attachment.
GPtrArray *attachment_list_new(void) G_GNUC_WARN_UNUSED_RESULT;

// The last path component without control characters, direction overrides and leading dots, at most
// 200 bytes of valid UTF-8 (reliability.md M08); NULL when nothing is left.
char *attachment_name_clean(const char *name) G_GNUC_WARN_UNUSED_RESULT;
