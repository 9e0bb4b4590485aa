// The work pool: whatever may take over 5 ms (searches, reports, password hashes) runs on its few
// threads, and what streams for long (exports) on threads of its own, so that no http thread ever
// waits. Queues are bounded: a full one refuses, and the caller answers 503.
#pragma once

#include <glib.h>

typedef struct WorkPool WorkPool;

typedef void (*WorkRun)(gpointer data);

// threads for short work; long work has four of its own.
WorkPool *work_pool_new(guint threads) G_GNUC_WARN_UNUSED_RESULT;

// Waits for what is queued and running.
void work_pool_free(WorkPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkPool, work_pool_free)

// FALSE with an error (unavailable) when 256 wait already; run is not called then. Any thread.
gboolean work_pool_submit(WorkPool *pool, WorkRun run, gpointer data, GError **error);

// For work of seconds or minutes that may block on its reader. At most four run and eight wait.
gboolean work_pool_submit_long(WorkPool *pool, WorkRun run, gpointer data, GError **error);
