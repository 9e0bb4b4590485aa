// Blobs: bytes kept once each, named by their SHA-256. Up to 128 KiB they live in the database,
// larger ones as files, written and synced before the row that names them. Used by desk and by the
// aggregates of store/. Blobs never change; what
// nobody names any longer is dropped by store/blob_sweep.
#pragma once

#include "store/db.h"
#include "store/store.h"

#define SHA256_BYTES 32

typedef struct Blob Blob;

// Hashes and compresses; bytes that are large are written into the data directory and synced. Any
// thread but the writer's: this is where the time goes. Errors: unavailable (disk full, I/O).
Blob *blob_prepare(Store *store, GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
// The same for a data directory that is being made.
Blob *blob_prepare_in(const char *directory, GBytes *bytes,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void blob_free(Blob *blob);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Blob, blob_free)

// Its name, 32 bytes, borrowed: bind it as DB_SPAN(blob_sha256(blob), SHA256_BYTES).
const guint8 *blob_sha256(const Blob *blob);
// The size of the plain bytes.
gint64 blob_size(const Blob *blob);

// Keeps it, within a writer job, before the row that names it. Harmless for a blob that is there.
gboolean blob_add(Db *db, const Blob *blob, GError **error);

// Files stay while they are held (a backup reads them), and while a prepared blob of that name is
// not freed. Any thread.
void blob_files_hold(void);
void blob_files_release(void);

// Removes the file of that name. FALSE when it must stay for now. For blob_sweep alone.
gboolean blob_file_drop(const char *directory, const guint8 *sha256);

// The bytes of that name, whole. sha256 has 32 bytes. NULL with an error: not_found, internal
// (blob_damaged: they do not hash to their name), unavailable.
GBytes *blob_read(Store *store, Db *db, const void *sha256,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
