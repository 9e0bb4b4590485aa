// A tar archive (POSIX ustar) written and read as a stream: what a backup is made of, so that any
// tool can look into it. Used by backup.c and restore.c. Plain files only; whatever else an archive
// holds is refused.
#pragma once

#include <glib.h>

#define ARCHIVE_NAME_SIZE 101 // bytes of an entry's name, with its final NUL

// Begins an entry; then exactly size bytes are written to fd, and archive_pad.
gboolean archive_begin(int fd, const char *name, gint64 size, GError **error);
gboolean archive_write(int fd, const void *data, gsize length, GError **error);
gboolean archive_pad(int fd, gint64 size, GError **error);
// Ends the archive.
gboolean archive_end(int fd, GError **error);

// Reads the header of the next entry. *is_end: there is none. FALSE with an error (invalid).
gboolean archive_next(int fd, char name[ARCHIVE_NAME_SIZE], gint64 *size, gboolean *is_end,
                      GError **error);
// Reads exactly length bytes. FALSE with an error (invalid: the archive ends too early).
gboolean archive_read(int fd, void *data, gsize length, GError **error);
// Skips what fills up an entry of that size.
gboolean archive_skip_pad(int fd, gint64 size, GError **error);
