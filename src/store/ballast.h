// The ballast: a file of 64 MB, or 1 % of a small disk (at least 4 MB), that is given up once when
// the disk is full so that what is needed to make room can still be written (reliability.md P6,
// F1). Made again when there is room. Used by store.c and the checkpointer. Any thread.
#pragma once

#include <glib.h>

typedef struct Ballast Ballast;

// Makes the file if there is room.
Ballast *ballast_new(const char *path) G_GNUC_WARN_UNUSED_RESULT;
void ballast_free(Ballast *ballast);

// Gives the room up. FALSE when it was gone already. A WriterDiskFull; data is the Ballast.
gboolean ballast_release(gpointer data);

// Makes the file again once twice its size is free. TRUE when it is there.
gboolean ballast_restore(Ballast *ballast);
