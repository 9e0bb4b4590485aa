#include "store/archive.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define BLOCK 512
#define OCTAL_MAX 077777777777LL // larger sizes are written in base 256

typedef struct {
    char name[100];
    char mode[8];
    char owner[8];
    char group[8];
    char size[12];
    char time[12];
    char sum[8];
    char type;
    char link[100];
    char magic[6];
    char version[2];
    char rest[247];
} Header;

G_STATIC_ASSERT(sizeof(Header) == BLOCK);

gboolean archive_write(int fd, const void *data, gsize length, GError **error) {
    const char *at = data;
    while (length > 0) {
        ssize_t written = write(fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            error_set(error, ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "backup_unwritable",
                      "cannot write the archive: %s", g_strerror(errno));
            return FALSE;
        }
        at += written;
        length -= (gsize)written;
    }
    return TRUE;
}

// With the sum's own place taken as spaces.
static guint header_sum(const Header *header) {
    const guchar *bytes = (const guchar *)header;
    const gsize from = G_STRUCT_OFFSET(Header, sum);
    guint sum = 0;
    for (gsize i = 0; i < BLOCK; i++)
        sum += i >= from && i < from + sizeof header->sum ? ' ' : bytes[i];
    return sum;
}

static void size_write(char field[12], gint64 size) {
    if (size <= OCTAL_MAX) {
        g_snprintf(field, 12, "%011" G_GINT64_MODIFIER "o", (guint64)size);
        return;
    }
    for (int i = 11; i > 0; i--, size >>= 8)
        field[i] = (char)(size & 0xff);
    field[0] = (char)0x80;
}

gboolean archive_begin(int fd, const char *name, gint64 size, GError **error) {
    Header header = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
    g_strlcpy(header.name, name, sizeof header.name);
    g_strlcpy(header.mode, "0000600", sizeof header.mode);
    g_strlcpy(header.owner, "0000000", sizeof header.owner);
    g_strlcpy(header.group, "0000000", sizeof header.group);
    g_snprintf(header.time, sizeof header.time, "%011o", 0U);
    size_write(header.size, size);
    g_snprintf(header.sum, sizeof header.sum, "%06o", header_sum(&header));
    header.sum[7] = ' ';
    return archive_write(fd, &header, sizeof header, error);
}

static gsize pad_of(gint64 size) {
    return (gsize)((BLOCK - size % BLOCK) % BLOCK);
}

gboolean archive_pad(int fd, gint64 size, GError **error) {
    static const char zeros[BLOCK];
    return archive_write(fd, zeros, pad_of(size), error);
}

gboolean archive_end(int fd, GError **error) {
    static const char zeros[2 * BLOCK];
    return archive_write(fd, zeros, sizeof zeros, error);
}

gboolean archive_read(int fd, void *data, gsize length, GError **error) {
    char *at = data;
    while (length > 0) {
        ssize_t count = read(fd, at, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            error_set(error, ERROR_INVALID, "archive_invalid", "the archive ends too early");
            return FALSE;
        }
        at += count;
        length -= (gsize)count;
    }
    return TRUE;
}

gboolean archive_skip_pad(int fd, gint64 size, GError **error) {
    char pad[BLOCK];
    return archive_read(fd, pad, pad_of(size), error);
}

static gint64 size_read(const char field[12]) {
    const guchar *bytes = (const guchar *)field;
    gint64 size = 0;
    if (bytes[0] != 0x80) {
        char text[13] = {0};
        memcpy(text, field, 12);
        return (gint64)g_ascii_strtoull(text, NULL, 8);
    }
    for (int i = 4; i < 12; i++)
        size = (gint64)((guint64)size << 8 | bytes[i]);
    return size;
}

static gboolean is_zero(const Header *header) {
    const guchar *bytes = (const guchar *)header;
    for (gsize i = 0; i < BLOCK; i++)
        if (bytes[i] != 0)
            return FALSE;
    return TRUE;
}

gboolean archive_next(int fd, char name[ARCHIVE_NAME_SIZE], gint64 *size, gboolean *is_end,
                      GError **error) {
    Header header;
    if (!archive_read(fd, &header, sizeof header, error))
        return FALSE;
    *is_end = is_zero(&header);
    if (*is_end)
        return TRUE;
    char sum[9] = {0};
    memcpy(sum, header.sum, sizeof header.sum);
    *size = size_read(header.size);
    if (g_ascii_strtoull(sum, NULL, 8) != header_sum(&header) || header.type != '0' || *size < 0) {
        error_set(error, ERROR_INVALID, "archive_invalid", "this is no backup of dialogd");
        return FALSE;
    }
    memcpy(name, header.name, sizeof header.name);
    name[sizeof header.name] = '\0';
    return TRUE;
}
