// The checkpointer: one thread that moves the log into the database apart from the writer, when the
// writer is idle or the log has grown, and keeps the ballast (performance.md "Learned on the way").
// Made by store.c.
#pragma once

#include "store/ballast.h"
#include "store/writer.h"

typedef struct Checkpointer Checkpointer;

Checkpointer *checkpointer_new(const char *path, Writer *writer,
                               Ballast *ballast) G_GNUC_WARN_UNUSED_RESULT;
void checkpointer_free(Checkpointer *checkpointer);
