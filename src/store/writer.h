// The writer: the one thread that writes. Jobs are functions with an argument; all that wait are
// run in one transaction, each under a savepoint, and committed once with a full sync
// (architecture.md "The writer"). A failing job spoils only itself. Nobody else holds a writing
// connection.
#pragma once

#include "store/db.h"

typedef struct Writer Writer;

// The work. Runs on the writer thread within the batch's transaction; may run twice if the batch
// had to be begun again, so it must leave its data as it found it until done. FALSE with an error
// undoes what it wrote. It passes on every error of the database: it must not go on after one.
typedef gboolean (*WriterRun)(Db *db, gpointer data, GError **error);

// Called once on the writer thread: after COMMIT with error NULL, or with why nothing was kept.
// Must be quick and must not write. Owns nothing of error.
typedef void (*WriterDone)(gpointer data, const GError *error);

// Queues a job; returns at once. If the queue is full (10,000) or the writer is stopping, done is
// called from here with an error (unavailable). done may be NULL. Any thread.
void writer_submit(Writer *writer, WriterRun run, WriterDone done, gpointer data);

// As writer_submit, for jobs that hardly ever fail and can be begun again at any time: a batch of
// such jobs alone runs without savepoints, and all of it once more with them if one fails.
void writer_submit_light(Writer *writer, WriterRun run, WriterDone done, gpointer data);

// As writer_submit, and waits. TRUE when committed. Any thread but the writer's.
gboolean writer_run(Writer *writer, WriterRun run, gpointer data, GError **error);

// Called on the writer thread after each COMMIT, when the jobs of the batch have been answered:
// wakes those who read what is new. Must be quick and must not write or call writer_on_commit.
typedef void (*WriterNotice)(gpointer data);
void writer_on_commit(Writer *writer, WriterNotice notice, gpointer data);

// Ends it; afterwards notice runs no more. Any thread but the writer's.
void writer_off_commit(Writer *writer, WriterNotice notice, gpointer data);

// For store.c. path is the database; disk_full is called on the writer thread when the disk is full
// and answers whether it made room, so that the batch is run again. May be NULL.
typedef gboolean (*WriterDiskFull)(gpointer data);
Writer *writer_new(const char *path, WriterDiskFull disk_full, gpointer data,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Runs what is queued, then stops. Later jobs are answered unavailable.
void writer_free(Writer *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writer, writer_free)
