// Backups: one archive of the database and the blobs that are files, consistent though writes go
// on; and back again. The key file is in no backup: keep it apart, without it the secrets of
// channels cannot be opened. Used by the API's backup route and dialogctl.
#pragma once

#include "store/store.h"

typedef struct {
    gint64 database_bytes;
    gint64 blobs; // files
    gint64 blob_bytes;
    int schema;
    Instant taken_at;
} BackupFacts;

// Writes the archive to path, whole or not at all; a file of that name is replaced. Takes as much
// room again as the database beside path while it works. Any thread but the writer's and http's.
gboolean backup_write(Store *store, const char *path, BackupFacts *facts, GError **error);

// Unpacks an archive into a data directory, which must hold no database yet (conflict) and is made
// when it is absent. What comes back is checked: digests of all files, soundness of the database.
gboolean backup_restore(const char *path, const char *directory, BackupFacts *facts,
                        GError **error);
