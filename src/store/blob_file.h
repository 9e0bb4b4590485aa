// Blobs that are files: blobs/<2 digits>/<64 digits> of the data directory, by the SHA-256 in hex.
// Written and synced whole under another name, then renamed. Used by blob.c, backup and verify.
#pragma once

#include <glib.h>

// The path of the file of that name below directory. Owned by the caller.
char *blob_file_path(const char *directory, const guint8 *sha256) G_GNUC_WARN_UNUSED_RESULT;

// Writes and syncs the file and the directories that lead to it. A file that is there is left as it
// is. Any thread. Errors: unavailable.
gboolean blob_file_write(const char *directory, const guint8 *sha256, const void *data,
                         gsize length, GError **error);

// NULL with an error: not_found, unavailable.
GBytes *blob_file_read(const char *directory, const guint8 *sha256,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
