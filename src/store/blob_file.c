#include "store/blob_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/blob.h"

#define HEX_SIZE (2 * SHA256_BYTES + 1)

static void hex_write(const guint8 *sha256, char hex[HEX_SIZE]) {
    for (gsize i = 0; i < SHA256_BYTES; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", sha256[i]);
}

char *blob_file_path(const char *directory, const guint8 *sha256) {
    char hex[HEX_SIZE];
    char shelf[3];
    hex_write(sha256, hex);
    g_strlcpy(shelf, hex, sizeof shelf);
    return g_build_filename(directory, "blobs", shelf, hex, NULL);
}

static gboolean write_failed(const char *path, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "blob_unwritable",
              "cannot write %s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean directory_sync(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

// A new directory is an entry of its parent, which must be synced as well.
static gboolean shelf_make(const char *shelf) {
    if (g_file_test(shelf, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_autofree char *parent = g_path_get_dirname(shelf);
    g_autofree char *top = g_path_get_dirname(parent);
    return g_mkdir_with_parents(shelf, 0700) == 0 && directory_sync(parent) && directory_sync(top);
}

static gboolean all_write(int fd, const char *data, gsize length) {
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return FALSE;
        data += written;
        length -= (gsize)written;
    }
    return TRUE;
}

static gboolean draft_write(const char *draft, const void *data, gsize length) {
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return FALSE;
    gboolean written = all_write(fd, data, length) && fsync(fd) == 0;
    int why = errno;
    close(fd);
    errno = why;
    return written;
}

gboolean blob_file_write(const char *directory, const guint8 *sha256, const void *data,
                         gsize length, GError **error) {
    g_autofree char *path = blob_file_path(directory, sha256);
    g_autofree char *shelf = g_path_get_dirname(path);
    g_autofree char *draft = g_strdup_printf("%s.%08x", path, g_random_int());
    gboolean is_there = g_file_test(path, G_FILE_TEST_EXISTS);
    // Another thread may have renamed it and not synced the shelf yet: sync it in either case.
    if (shelf_make(shelf) &&
        (is_there || (draft_write(draft, data, length) && rename(draft, path) == 0)) &&
        directory_sync(shelf))
        return TRUE;
    int why = errno;
    if (!is_there)
        unlink(draft);
    errno = why;
    return write_failed(path, error);
}

GBytes *blob_file_read(const char *directory, const guint8 *sha256, GError **error) {
    g_autofree char *path = blob_file_path(directory, sha256);
    g_autoptr(GError) failure = NULL;
    char *data = NULL;
    gsize length = 0;
    if (g_file_get_contents(path, &data, &length, &failure))
        return g_bytes_new_take(data, length);
    gboolean is_missing = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    error_set(error, is_missing ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
              is_missing ? "blob_missing" : "blob_unreadable", "%s", failure->message);
    return NULL;
}
