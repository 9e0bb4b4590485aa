#include "desk/bulk_runner.h"

#include <string.h>

#include "base/log.h"
#include "desk/bulk_job.h"

#define LOOK_MS 500
#define TELL_MS 1000
#define FAILED_MS 5000 // before a step that failed is tried again
#define FORGET_MS 60000

struct BulkRunner {
    Store *store;
    LiveEvents *live;
    GThread *thread;
    GMutex mutex;
    GCond woken;
    gboolean is_ending;
    gint64 told_at;
    gint64 forgot_at;
};

static gpointer work(gpointer data);

BulkRunner *bulk_runner_new(Store *store, LiveEvents *live) {
    BulkRunner *runner = g_new0(BulkRunner, 1);
    runner->store = store;
    runner->live = live;
    g_mutex_init(&runner->mutex);
    g_cond_init(&runner->woken);
    runner->thread = g_thread_new("bulk", work, runner);
    return runner;
}

void bulk_runner_free(BulkRunner *runner) {
    if (runner == NULL)
        return;
    g_mutex_lock(&runner->mutex);
    runner->is_ending = TRUE;
    g_cond_signal(&runner->woken);
    g_mutex_unlock(&runner->mutex);
    g_thread_join(runner->thread);
    g_cond_clear(&runner->woken);
    g_mutex_clear(&runner->mutex);
    g_free(runner);
}

// FALSE: the end.
static gboolean wait(BulkRunner *runner, gint64 milliseconds) {
    gint64 until = g_get_monotonic_time() + milliseconds * G_TIME_SPAN_MILLISECOND;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&runner->mutex);
    while (!runner->is_ending && milliseconds > 0)
        if (!g_cond_wait_until(&runner->woken, &runner->mutex, until))
            break;
    return !runner->is_ending;
}

static BulkJob *find(BulkRunner *runner, Id id, GError **error) {
    Db *db = store_reader_take(runner->store, error);
    BulkJob *job = NULL;
    if (db != NULL)
        job = id != 0 ? bulk_job_get(db, id, 0, error) : bulk_job_next(db, error);
    if (db != NULL)
        store_reader_give(runner->store, db);
    return job;
}

// At most once a second, and at the end.
static void tell(BulkRunner *runner, Id id) {
    g_autoptr(BulkJob) job = find(runner, id, NULL);
    gint64 now = clock_monotonic();
    if (job == NULL || job->agent_id == 0 || runner->live == NULL)
        return;
    gboolean goes_on = strcmp(job->state, "running") == 0 || strcmp(job->state, "undoing") == 0;
    if (goes_on && now - runner->told_at < TELL_MS)
        return;
    runner->told_at = now;
    json_t *json = json_pack("{s:s, s:o}", "type", "bulk", "bulk", bulk_job_json(job));
    char *text = json_dumps(json, JSON_COMPACT);
    live_events_tell(runner->live, job->agent_id, 0, text);
    json_decref(json);
    free(text);
}

static gboolean forget(Db *db, gpointer data, GError **error) {
    (void)data;
    return bulk_job_forget(db, clock_now(), error);
}

static gboolean forget_old(BulkRunner *runner, GError **error) {
    gint64 now = clock_monotonic();
    if (runner->forgot_at != 0 && now - runner->forgot_at < FORGET_MS)
        return TRUE;
    runner->forgot_at = now;
    return writer_run(store_writer(runner->store), forget, NULL, error);
}

// How long to wait then.
static gint64 run_step(BulkRunner *runner) {
    g_autoptr(GError) error = NULL;
    g_autoptr(BulkJob) job = find(runner, 0, &error);
    gint64 pause = job != NULL ? 0 : LOOK_MS;
    if (job != NULL && bulk_job_work(runner->store, job, &error))
        tell(runner, job->id);
    if (error == NULL)
        forget_old(runner, &error);
    if (error == NULL)
        return pause;
    log_error(error, "bulk_step_failed", NULL);
    return FAILED_MS;
}

static gpointer work(gpointer data) {
    BulkRunner *runner = data;
    while (wait(runner, run_step(runner)))
        ;
    return NULL;
}
