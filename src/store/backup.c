#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/archive.h"
#include "store/backup_manifest.h"
#include "store/blob.h"
#include "store/blob_file.h"
#include "store/db_open.h"
#include "store/migration.h"

typedef struct {
    Store *store;
    BackupFacts *facts;
    int fd;            // of the archive
    GChecksum *digest; // of the database
} Backup;

static gboolean failed(const char *what, const char *path, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "backup_unwritable",
              "cannot %s %s: %s", what, path, g_strerror(errno));
    return FALSE;
}

// Copies what is in from into the archive; the file must not change its size meanwhile.
static gboolean bytes_add(Backup *backup, int from, gint64 size, GChecksum *digest,
                          GError **error) {
    g_autofree guchar *buffer = g_malloc(BACKUP_CHUNK);
    for (gint64 left = size; left > 0;) {
        gsize wanted = (gsize)MIN(left, BACKUP_CHUNK);
        if (!archive_read(from, buffer, wanted, error) ||
            !archive_write(backup->fd, buffer, wanted, error))
            return FALSE;
        if (digest != NULL)
            g_checksum_update(digest, buffer, (gssize)wanted);
        left -= (gint64)wanted;
    }
    return archive_pad(backup->fd, size, error);
}

static gboolean file_add(Backup *backup, const char *path, const char *name, gint64 *size,
                         GChecksum *digest, GError **error) {
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat facts;
    if (from < 0 || fstat(from, &facts) != 0) {
        failed("read", path, error);
        if (from >= 0)
            close(from);
        return FALSE;
    }
    *size = facts.st_size;
    gboolean added = archive_begin(backup->fd, name, *size, error) &&
                     bytes_add(backup, from, *size, digest, error);
    close(from);
    return added;
}

static gboolean blob_file_add(Backup *backup, const guint8 *sha256, GError **error) {
    g_autofree char *path = blob_file_path(store_directory(backup->store), sha256);
    g_autofree char *name = blob_file_path("", sha256);
    gint64 size = 0;
    if (!file_add(backup, path, name + (*name == '/'), &size, NULL, error))
        return FALSE;
    backup->facts->blobs++;
    backup->facts->blob_bytes += size;
    return TRUE;
}

// The copy says which files belong to it: rows come after their files, and files are held.
static gboolean blobs_add(Backup *backup, Db *copy, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(copy, "SELECT sha256 FROM blob WHERE bytes IS NULL", DB_NO_VALUES, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        gsize length;
        const guint8 *sha256 = db_rows_span(rows, 0, &length);
        if (length == SHA256_BYTES)
            blob_file_add(backup, sha256, &failure);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean manifest_add(Backup *backup, GError **error) {
    g_autofree char *text =
        backup_manifest_format(backup->facts, g_checksum_get_string(backup->digest));
    gsize length = strlen(text);
    return archive_begin(backup->fd, BACKUP_MANIFEST, (gint64)length, error) &&
           archive_write(backup->fd, text, length, error) &&
           archive_pad(backup->fd, (gint64)length, error) && archive_end(backup->fd, error);
}

static gboolean schema_read(Backup *backup, Db *copy, GError **error) {
    return migration_number(copy, &backup->facts->schema, error);
}

static gboolean parts_add(Backup *backup, const char *copy_path, GError **error) {
    if (!file_add(backup, copy_path, BACKUP_DATABASE, &backup->facts->database_bytes,
                  backup->digest, error))
        return FALSE;
    g_autoptr(Db) copy = db_open(copy_path, DB_WRITE, error);
    return copy != NULL && schema_read(backup, copy, error) && blobs_add(backup, copy, error) &&
           manifest_add(backup, error);
}

static gboolean copy_make(Store *store, const char *copy_path, GError **error) {
    unlink(copy_path);
    g_autofree char *path = g_build_filename(store_directory(store), "dialogd.db", NULL);
    g_autoptr(Db) db = db_open(path, DB_READ, error);
    return db != NULL && db_copy(db, copy_path, error);
}

static gboolean archive_make(Backup *backup, const char *draft, const char *copy_path,
                             GError **error) {
    backup->fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (backup->fd < 0)
        return failed("write", draft, error);
    gboolean made = parts_add(backup, copy_path, error) &&
                    (fsync(backup->fd) == 0 || failed("write", draft, error));
    close(backup->fd);
    return made;
}

gboolean backup_write(Store *store, const char *path, BackupFacts *facts, GError **error) {
    g_autofree char *draft = g_strconcat(path, ".part", NULL);
    g_autofree char *copy_path = g_strconcat(path, ".database", NULL);
    g_autofree char *log_path = g_strconcat(copy_path, "-wal", NULL);
    g_autofree char *index_path = g_strconcat(copy_path, "-shm", NULL);
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    *facts = (BackupFacts){.taken_at = clock_now()};
    Backup backup = {.store = store, .facts = facts, .fd = -1, .digest = digest};
    blob_files_hold();
    gboolean made = copy_make(store, copy_path, error) &&
                    archive_make(&backup, draft, copy_path, error) &&
                    (rename(draft, path) == 0 || failed("write", path, error));
    blob_files_release();
    if (!made)
        unlink(draft);
    unlink(copy_path);
    unlink(log_path);
    unlink(index_path);
    return made;
}
