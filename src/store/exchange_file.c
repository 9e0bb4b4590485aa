// The full export as a file.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "store/archive.h"
#include "store/exchange_write.h"

static gboolean failed(const char *path, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "export_unwritable",
              "cannot write %s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean to_file(gpointer data, const char *bytes, gsize length, GError **error) {
    return archive_write(*(int *)data, bytes, length, error);
}

gboolean exchange_write_file(Store *store, const char *path, ExchangeFacts *facts, GError **error) {
    g_autofree char *draft = g_strconcat(path, ".part", NULL);
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(draft, error);
    gboolean written = exchange_write(store, to_file, &fd, facts, error) &&
                       (fsync(fd) == 0 || failed(draft, error));
    close(fd);
    written = written && (rename(draft, path) == 0 || failed(path, error));
    if (!written)
        unlink(draft);
    return written;
}
