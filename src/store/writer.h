// The writer: the one thread that writes. Jobs are functions with an argument; all that wait are
// run in one transaction, each under a savepoint, and committed once with a full sync
// (architecture.md "The writer"). A failing job spoils only itself. Nobody else holds a writing
// connection.
#pragma once

#include "store/db.h"

typedef struct Writer Writer;

// The work. Runs on the writer thread within the batch's transaction; may run twice if the batch
// had to be begun again, so it must leave its data as it found it until done. FALSE with an error
// undoes what it wrote.
typedef gboolean (*WriterRun)(Db *db, gpointer data, GError **error);

// Called once on the writer thread: after COMMIT with error NULL, or with why nothing was kept.
// Must be quick and must not write. Owns nothing of error.
typedef void (*WriterDone)(gpointer data, const GError *error);

// Queues a job; returns at once. If the queue is full (10,000) done is called from here with an
// error (unavailable). Any thread.
void writer_submit(Writer *writer, WriterRun run, WriterDone done, gpointer data);

// As writer_submit, and waits. TRUE when committed. Any thread but the writer's.
gboolean writer_run(Writer *writer, WriterRun run, gpointer data, GError **error);
