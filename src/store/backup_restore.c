#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "store/archive.h"
#include "store/backup.h"
#include "store/backup_manifest.h"
#include "store/db_open.h"

#define MANIFEST_MAX (64 * 1024)

typedef struct {
    const char *directory;
    char *draft; // the database until all is checked
    int fd;      // of the archive
    GChecksum *digest;
    BackupFacts seen;
    BackupFacts *facts;
    char *expected; // digest of the database, by the manifest
} Restore;

static gboolean failed(const char *path, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "directory_unwritable",
              "cannot write %s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean invalid(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "archive_invalid", "%s: restore another backup", what);
    return FALSE;
}

static gboolean bytes_take(Restore *restore, int to, gint64 size, GChecksum *digest,
                           GError **error) {
    g_autofree guchar *buffer = g_malloc(BACKUP_CHUNK);
    for (gint64 left = size; left > 0;) {
        gsize count = (gsize)MIN(left, BACKUP_CHUNK);
        if (!archive_read(restore->fd, buffer, count, error) ||
            !archive_write(to, buffer, count, error))
            return FALSE;
        if (digest != NULL)
            g_checksum_update(digest, buffer, (gssize)count);
        left -= (gint64)count;
    }
    return archive_skip_pad(restore->fd, size, error);
}

static gboolean file_take(Restore *restore, const char *path, gint64 size, GChecksum *digest,
                          GError **error) {
    g_autofree char *parent = g_path_get_dirname(path);
    if (g_mkdir_with_parents(parent, 0700) != 0)
        return failed(parent, error);
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return failed(path, error);
    gboolean taken =
        bytes_take(restore, to, size, digest, error) && (fsync(to) == 0 || failed(path, error));
    close(to);
    return taken;
}

static gboolean manifest_take(Restore *restore, gint64 size, GError **error) {
    if (size > MANIFEST_MAX)
        return invalid(error, "the archive's manifest is too large");
    g_autofree char *text = g_malloc((gsize)size + 1);
    return archive_read(restore->fd, text, (gsize)size, error) &&
           archive_skip_pad(restore->fd, size, error) &&
           backup_manifest_parse(text, (gsize)size, restore->facts, &restore->expected, error);
}

static gboolean entry_take(Restore *restore, const char *name, gint64 size, GError **error) {
    if (strcmp(name, BACKUP_DATABASE) == 0)
        return file_take(restore, restore->draft, size, restore->digest, error);
    if (strcmp(name, BACKUP_MANIFEST) == 0)
        return manifest_take(restore, size, error);
    if (!backup_name_is_blob(name))
        return invalid(error, "the archive holds what no backup holds");
    restore->seen.blobs++;
    restore->seen.blob_bytes += size;
    g_autofree char *path = g_build_filename(restore->directory, name, NULL);
    return file_take(restore, path, size, NULL, error);
}

static gboolean entries_take(Restore *restore, GError **error) {
    char name[ARCHIVE_NAME_SIZE];
    gint64 size = 0;
    gboolean is_end = FALSE;
    while (archive_next(restore->fd, name, &size, &is_end, error)) {
        if (is_end)
            return TRUE;
        if (!entry_take(restore, name, size, error))
            return FALSE;
    }
    return FALSE;
}

static gboolean all_is_there(Restore *restore, GError **error) {
    if (restore->expected == NULL || restore->seen.blobs != restore->facts->blobs ||
        restore->seen.blob_bytes != restore->facts->blob_bytes)
        return invalid(error, "the archive is not whole");
    if (strcmp(g_checksum_get_string(restore->digest), restore->expected) != 0)
        return invalid(error, "the archive's database is damaged");
    g_autoptr(Db) db = db_open(restore->draft, DB_WRITE, error);
    return db != NULL && db_check(db, TRUE, error);
}

static gboolean archive_unpack(Restore *restore, const char *database, GError **error) {
    if (!entries_take(restore, error) || !all_is_there(restore, error))
        return FALSE;
    return rename(restore->draft, database) == 0 || failed(database, error);
}

static gboolean directory_check(const char *directory, const char *database, GError **error) {
    if (g_mkdir_with_parents(directory, 0700) != 0)
        return failed(directory, error);
    if (!g_file_test(database, G_FILE_TEST_EXISTS))
        return TRUE;
    error_set(error, ERROR_CONFLICT, "directory_in_use",
              "%s holds a database already: restore into an empty directory", directory);
    return FALSE;
}

static void draft_remove(const char *draft) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(draft, endings[i], NULL);
        unlink(path);
    }
}

gboolean backup_restore(const char *path, const char *directory, BackupFacts *facts,
                        GError **error) {
    g_autofree char *database = g_build_filename(directory, BACKUP_DATABASE, NULL);
    if (!directory_check(directory, database, error))
        return FALSE;
    g_autofree char *draft = g_strconcat(database, ".part", NULL);
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    Restore restore = {.directory = directory, .draft = draft, .digest = digest, .facts = facts};
    *facts = (BackupFacts){0};
    restore.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (restore.fd < 0) {
        error_set(error, ERROR_NOT_FOUND, "archive_missing", "cannot read %s: %s", path,
                  g_strerror(errno));
        return FALSE;
    }
    gboolean restored = archive_unpack(&restore, database, error);
    close(restore.fd);
    draft_remove(draft);
    g_free(restore.expected);
    return restored;
}
