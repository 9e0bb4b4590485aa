// What a backup's archive consists of, and the manifest that stands at its end. Used by backup.c
// and backup_restore.c.
#pragma once

#include "store/backup.h"

#define BACKUP_DATABASE "dialogd.db"
#define BACKUP_MANIFEST "backup.json"
#define BACKUP_CHUNK (256 * 1024)

// digest: SHA-256 of the database in hex.
char *backup_manifest_format(const BackupFacts *facts,
                             const char *digest) G_GNUC_WARN_UNUSED_RESULT;

// Fills facts and the digest (owned by the caller). FALSE with an error (invalid).
gboolean backup_manifest_parse(const char *text, gsize length, BackupFacts *facts, char **digest,
                               GError **error);

// TRUE for "blobs/ab/<64 hexadecimal digits that begin with ab>" and nothing else.
gboolean backup_name_is_blob(const char *name);
