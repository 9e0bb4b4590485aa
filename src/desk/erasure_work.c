#include "desk/erasure.h"
#include "desk/erasure_step.h"
#include "store/blob_sweep.h"
#include "store/db_open.h"
#include "store/search.h"

#define PAUSE_US 2000 // between jobs: others write too

static GMutex work_lock; // the thread of eraser.c, and dialogctl's call

typedef gboolean (*Step)(Db *db, gboolean *is_done, GError **error);

typedef struct {
    Step step;
    gboolean is_done;
} Job;

static gboolean job_run(Db *db, gpointer data, GError **error) {
    Job *job = data;
    return job->step(db, &job->is_done, error);
}

// Job after job, until the step says that there is no more.
static gboolean run_steps(Store *store, Step step, GError **error) {
    for (;;) {
        Job job = {step, TRUE};
        if (!writer_run(store_writer(store), job_run, &job, error))
            return FALSE;
        if (job.is_done)
            return TRUE;
        g_usleep(PAUSE_US);
    }
}

static gboolean purge_step(Db *db, gboolean *is_done, GError **error) {
    return db_set_secure(db, TRUE, error) && search_purge(db, is_done, error);
}

static gboolean scrub_step(Db *db, gboolean *is_done, GError **error) {
    return db_scrub(db, is_done, error);
}

static gboolean read_newest(Store *store, Id *newest, GError **error) {
    gboolean found;
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return FALSE;
    gboolean is_read =
        db_query_int(db,
                     "SELECT coalesce(max(id), 0) FROM erasure WHERE finished_at IS NULL AND state"
                     " = 'purging'",
                     DB_NO_VALUES, newest, &found, error);
    store_reader_give(store, db);
    return is_read;
}

// The log holds former pages until it is emptied. *is_empty: it is.
static gboolean empty_log(Store *store, gboolean *is_empty, GError **error) {
    gint64 left = 1;
    g_autofree char *path = g_build_filename(store_directory(store), "dialogd.db", NULL);
    g_autoptr(Db) db = db_open(path, DB_WRITE, error);
    if (db == NULL || !db_checkpoint(db, TRUE, &left, error))
        return FALSE;
    *is_empty = left == 0;
    return TRUE;
}

static gboolean finish(Db *db, gpointer data, GError **error) {
    const Id *newest = data;
    return db_set_secure(db, FALSE, error) &&
           db_run(db,
                  "UPDATE erasure SET state = 'done', finished_at = $2 WHERE finished_at IS NULL"
                  " AND state = 'purging' AND id <= $1",
                  DB_VALUES(DB_ID(*newest), DB_INSTANT(clock_now())), error);
}

static gboolean purge(Store *store, Id newest, GError **error) {
    gboolean is_empty = FALSE;
    return run_steps(store, purge_step, error) && run_steps(store, scrub_step, error) &&
           blob_sweep(store, error) && empty_log(store, &is_empty, error) &&
           (!is_empty || writer_run(store_writer(store), finish, &newest, error));
}

static gboolean work(Store *store, GError **error) {
    Id newest = 0;
    return run_steps(store, erasure_step, error) && read_newest(store, &newest, error) &&
           (newest == 0 ? blob_sweep(store, error) : purge(store, newest, error));
}

gboolean erasure_work(Store *store, GError **error) {
    g_mutex_lock(&work_lock);
    gboolean is_done = work(store, error);
    g_mutex_unlock(&work_lock);
    return is_done;
}
