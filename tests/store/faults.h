// Faults on demand for the files of SQLite: this program's own pwrite, fdatasync and so on stand
// before those of the C library. Used by test-faults; one place may include it, since it defines
// them. Real syncs are left out: what is tested is what the program does when they fail.
#pragma once

#include <dlfcn.h>
#include <errno.h>
#include <glib.h>
#include <sys/types.h>

typedef struct {
    int count;    // operations since faults_arm; atomic
    int fail_at;  // number of the operation that fails first; 0: none
    int code;     // errno: EIO or ENOSPC
    int for_ever; // also fail all later ones
} Faults;

static Faults faults;

static inline void faults_arm(int fail_at, int code, int for_ever) {
    __atomic_store_n(&faults.count, 0, __ATOMIC_SEQ_CST);
    faults.code = code;
    faults.for_ever = for_ever;
    __atomic_store_n(&faults.fail_at, fail_at, __ATOMIC_SEQ_CST);
}

static inline gboolean fault_now(void) {
    int number = __atomic_add_fetch(&faults.count, 1, __ATOMIC_SEQ_CST);
    int fail_at = __atomic_load_n(&faults.fail_at, __ATOMIC_SEQ_CST);
    if (fail_at == 0 || number < fail_at || (number > fail_at && !faults.for_ever))
        return FALSE;
    errno = faults.code;
    return TRUE;
}

#define REAL(name) ((__typeof__(name) *)(guintptr)dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    return fault_now() ? -1 : REAL(pwrite64)(fd, data, length, offset);
}

int ftruncate64(int fd, off64_t length) {
    return fault_now() ? -1 : REAL(ftruncate64)(fd, length);
}

// A full disk does not fail a sync; a broken one does.
int fdatasync(int fd) {
    (void)fd;
    return fault_now() && faults.code == EIO ? -1 : 0;
}

int fsync(int fd) {
    (void)fd;
    return fault_now() && faults.code == EIO ? -1 : 0;
}

// Reading fails with a broken disk only.
ssize_t pread64(int fd, void *data, size_t length, off64_t offset) {
    gboolean fails = faults.code == EIO && fault_now();
    return fails ? -1 : REAL(pread64)(fd, data, length, offset);
}
