#include "store/writer_queue.h"

#include "base/error.h"

#define QUEUE_LIMIT 10000
#define IDLE_MS 20000 // so long without a job is a long wait

void job_queue_init(JobQueue *queue) {
    g_mutex_init(&queue->lock);
    g_cond_init(&queue->filled);
    queue->jobs = g_array_new(FALSE, FALSE, sizeof(Job));
    queue->is_closed = FALSE;
}

void job_queue_clear(JobQueue *queue) {
    g_array_unref(queue->jobs);
    g_cond_clear(&queue->filled);
    g_mutex_clear(&queue->lock);
}

static gboolean job_queue_is_open(const JobQueue *queue, GError **error) {
    if (queue->is_closed)
        error_set(error, ERROR_UNAVAILABLE, "stopping", "the server is stopping: try again later");
    else if (queue->jobs->len >= QUEUE_LIMIT)
        error_set(error, ERROR_UNAVAILABLE, "writer_full",
                  "%d writes are waiting already: try again later", QUEUE_LIMIT);
    else
        return TRUE;
    return FALSE;
}

gboolean job_queue_add(JobQueue *queue, const Job *job, GError **error) {
    g_mutex_lock(&queue->lock);
    gboolean is_open = job_queue_is_open(queue, error);
    if (is_open) {
        g_array_append_val(queue->jobs, *job);
        if (queue->jobs->len == 1)
            g_cond_signal(&queue->filled);
    }
    g_mutex_unlock(&queue->lock);
    return is_open;
}

gboolean job_queue_take(JobQueue *queue, GArray *batch, guint limit) {
    g_array_set_size(batch, 0);
    gint64 until = g_get_monotonic_time() + IDLE_MS * 1000;
    gboolean is_idle = FALSE;
    g_mutex_lock(&queue->lock);
    while (queue->jobs->len == 0 && !queue->is_closed && !is_idle)
        is_idle = !g_cond_wait_until(&queue->filled, &queue->lock, until);
    guint count = MIN(limit, queue->jobs->len);
    if (count > 0) {
        g_array_append_vals(batch, queue->jobs->data, count);
        g_array_remove_range(queue->jobs, 0, count);
    }
    gboolean go_on = count > 0 || !queue->is_closed;
    g_mutex_unlock(&queue->lock);
    return go_on;
}

void job_queue_close(JobQueue *queue) {
    g_mutex_lock(&queue->lock);
    queue->is_closed = TRUE;
    g_cond_signal(&queue->filled);
    g_mutex_unlock(&queue->lock);
}
