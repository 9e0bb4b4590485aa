// The bounded queue of the writer's jobs. Used by writer.c alone.
#pragma once

#include "store/writer.h"

typedef struct {
    WriterRun run;
    WriterDone done;
    gpointer data;
    gboolean is_light; // writer_submit_light
    GError *error;     // why it was not kept; NULL while good
} Job;

typedef struct {
    GMutex lock;
    GCond filled;
    GArray *jobs; // of Job
    gboolean is_closed;
} JobQueue;

void job_queue_init(JobQueue *queue);
void job_queue_clear(JobQueue *queue);

// FALSE when the queue is full or closed; error then says which.
gboolean job_queue_add(JobQueue *queue, const Job *job, GError **error);

// Waits for jobs and moves at most limit of them to batch, which is emptied first; after a long
// wait for none it comes back with an empty batch. FALSE when the queue is closed and empty.
gboolean job_queue_take(JobQueue *queue, GArray *batch, guint limit);

// No more jobs are added; those within are still taken.
void job_queue_close(JobQueue *queue);
