// A directory of its own for a test, removed with all within when the test ends. Used by any test
// that needs files or a store; all inline, so that including it is enough.
#pragma once

#include <ftw.h>
#include <glib.h>
#include <stdio.h>

typedef struct {
    char *directory;
} Scratch;

static inline Scratch scratch_new(void) {
    g_autoptr(GError) error = NULL;
    Scratch scratch = {.directory = g_dir_make_tmp("dialogd-test-XXXXXX", &error)};
    g_assert_no_error(error);
    return scratch;
}

static inline int scratch_entry_remove(const char *path, const struct stat *facts, int type,
                                       struct FTW *place) {
    (void)facts;
    (void)type;
    (void)place;
    return remove(path);
}

static inline void scratch_clear(Scratch *scratch) {
    nftw(scratch->directory, scratch_entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    g_free(scratch->directory);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scratch, scratch_clear)

// A path within. Owned by the caller.
static inline char *scratch_path(const Scratch *scratch, const char *name) {
    return g_build_filename(scratch->directory, name, NULL);
}
