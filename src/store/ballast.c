#include "store/ballast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BALLAST_MAX (64 * 1024 * 1024)
#define BALLAST_MIN (4 * 1024 * 1024) // less would not hold one batch of writes
#define DISK_SHARE 100                // 1 % of the disk
#define ROOM_NEEDED 2                 // times its size must be free before it is made

struct Ballast {
    char *path;
    GMutex lock;
};

static gint64 size_wanted(const struct statvfs *disk) {
    gint64 total = (gint64)disk->f_blocks * (gint64)disk->f_frsize;
    return CLAMP(total / DISK_SHARE, MIN(BALLAST_MIN, total / 8), BALLAST_MAX);
}

static gboolean is_there(const Ballast *ballast, gint64 size) {
    struct stat facts;
    return stat(ballast->path, &facts) == 0 && facts.st_size >= size;
}

// Not sparse: the blocks must truly be held.
static gboolean file_fill(const Ballast *ballast, gint64 size) {
    int fd = open(ballast->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return FALSE;
    gboolean filled = posix_fallocate(fd, 0, size) == 0;
    if (!filled && ftruncate(fd, 0) != 0)
        unlink(ballast->path);
    close(fd);
    return filled;
}

gboolean ballast_restore(Ballast *ballast) {
    g_autofree char *directory = g_path_get_dirname(ballast->path);
    struct statvfs disk;
    if (statvfs(directory, &disk) != 0)
        return FALSE;
    gint64 size = size_wanted(&disk);
    gint64 room = (gint64)disk.f_bavail * (gint64)disk.f_frsize;
    g_mutex_lock(&ballast->lock);
    gboolean held =
        is_there(ballast, size) || (room >= size * ROOM_NEEDED && file_fill(ballast, size));
    g_mutex_unlock(&ballast->lock);
    return held;
}

Ballast *ballast_new(const char *path) {
    Ballast *ballast = g_new0(Ballast, 1);
    ballast->path = g_strdup(path);
    g_mutex_init(&ballast->lock);
    ballast_restore(ballast);
    return ballast;
}

void ballast_free(Ballast *ballast) {
    if (ballast == NULL)
        return;
    g_mutex_clear(&ballast->lock);
    g_free(ballast->path);
    g_free(ballast);
}

gboolean ballast_release(gpointer data) {
    Ballast *ballast = data;
    g_mutex_lock(&ballast->lock);
    gboolean released = is_there(ballast, 1) && unlink(ballast->path) == 0;
    g_mutex_unlock(&ballast->lock);
    return released;
}
