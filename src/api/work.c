#include "api/work.h"

#include "base/error.h"

#define SHORT_QUEUE_MAX 256
#define LONG_THREADS 4
#define LONG_QUEUE_MAX 8

typedef struct {
    WorkRun run;
    gpointer data;
} Task;

struct WorkPool {
    GThreadPool *brief;
    GThreadPool *lasting;
};

static void task_run(gpointer item, gpointer unused) {
    (void)unused;
    Task task = *(Task *)item;
    g_free(item);
    task.run(task.data);
}

WorkPool *work_pool_new(guint threads) {
    WorkPool *pool = g_new0(WorkPool, 1);
    pool->brief = g_thread_pool_new(task_run, NULL, (gint)threads, FALSE, NULL);
    pool->lasting = g_thread_pool_new(task_run, NULL, LONG_THREADS, FALSE, NULL);
    return pool;
}

void work_pool_free(WorkPool *pool) {
    g_thread_pool_free(pool->brief, FALSE, TRUE);
    g_thread_pool_free(pool->lasting, FALSE, TRUE);
    g_free(pool);
}

static gboolean submit(GThreadPool *threads, guint limit, WorkRun run, gpointer data,
                       GError **error) {
    if (g_thread_pool_unprocessed(threads) >= limit) {
        error_set(error, ERROR_UNAVAILABLE, "work_queue_full",
                  "too much is being worked on: try again in a moment");
        return FALSE;
    }
    Task *task = g_new(Task, 1);
    *task = (Task){.run = run, .data = data};
    g_thread_pool_push(threads, task, NULL);
    return TRUE;
}

gboolean work_pool_submit(WorkPool *pool, WorkRun run, gpointer data, GError **error) {
    return submit(pool->brief, SHORT_QUEUE_MAX, run, data, error);
}

gboolean work_pool_submit_long(WorkPool *pool, WorkRun run, gpointer data, GError **error) {
    return submit(pool->lasting, LONG_QUEUE_MAX, run, data, error);
}
