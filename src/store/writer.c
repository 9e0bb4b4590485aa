#include "store/writer.h"

#include <malloc.h>

#include "base/error.h"
#include "store/db_open.h"
#include "store/writer_queue.h"

#define BATCH_LIMIT 256 // jobs in a transaction
#define TRIES 2         // of a batch whose transaction was lost

struct Writer {
    JobQueue queue;
    GThread *thread;
    GArray *batch; // of Job; the writer thread's
    char *path;
    gboolean is_shrunk; // memory was given back, and nothing written since
    Db *db;             // NULL when it could not be opened again after an I/O error
    WriterDiskFull disk_full;
    gpointer disk_full_data;
    GMutex notices_lock;
    GArray *notices; // of Notice
};

typedef struct {
    WriterNotice notice;
    gpointer data;
} Notice;

static Job *job_at(Writer *writer, guint i) {
    return &g_array_index(writer->batch, Job, i);
}

static void job_run(Writer *writer, Job *job) {
    if (!db_savepoint(writer->db, &job->error))
        return;
    gboolean good = job->run(writer->db, job->data, &job->error);
    g_assert(good == (job->error == NULL)); // a job fails with an error, and only then
    if (good)
        db_savepoint_release(writer->db, &job->error);
    else
        db_savepoint_undo(writer->db);
}

// FALSE with an error when the transaction was lost: then nothing at all of the batch was kept.
static gboolean batch_commit(Writer *writer, GError **error) {
    if (!db_begin(writer->db, error))
        return FALSE;
    for (guint i = 0; i < writer->batch->len && db_in_transaction(writer->db); i++) {
        g_clear_error(&job_at(writer, i)->error);
        job_run(writer, job_at(writer, i));
    }
    return db_commit(writer->db, error);
}

static gboolean writer_reopen(Writer *writer, GError **error) {
    g_clear_pointer(&writer->db, db_close);
    writer->db = db_open(writer->path, DB_WRITE, error);
    return writer->db != NULL;
}

static gboolean batch_try(Writer *writer, GError **error) {
    if (writer->db == NULL && !writer_reopen(writer, error))
        return FALSE;
    if (batch_commit(writer, error))
        return TRUE;
    gboolean was_full = db_is_full(writer->db);
    db_rollback(writer->db);
    if (was_full && writer->disk_full != NULL)
        writer->disk_full(writer->disk_full_data);
    else // what an I/O error left in memory is not to be trusted
        g_clear_pointer(&writer->db, db_close);
    return FALSE;
}

static gboolean is_light(Writer *writer) {
    for (guint i = 0; i < writer->batch->len; i++)
        if (!job_at(writer, i)->is_light)
            return FALSE;
    return writer->db != NULL;
}

static gboolean light_commit(Writer *writer) {
    if (!db_begin(writer->db, NULL))
        return FALSE;
    for (guint i = 0; i < writer->batch->len; i++) {
        Job *job = job_at(writer, i);
        if (!job->run(writer->db, job->data, &job->error))
            return FALSE;
    }
    return db_commit(writer->db, NULL);
}

// Savepoints cost an eighth of the writer's time, and these jobs hardly ever fail: all or nothing
// first. FALSE: nothing was kept, and the batch is run in the ordinary way.
static gboolean light_try(Writer *writer) {
    if (!is_light(writer))
        return FALSE;
    if (light_commit(writer))
        return TRUE;
    db_rollback(writer->db);
    return FALSE;
}

static void batch_fail(Writer *writer, const GError *error) {
    for (guint i = 0; i < writer->batch->len; i++) {
        g_clear_error(&job_at(writer, i)->error);
        job_at(writer, i)->error = g_error_copy(error);
    }
}

static void batch_answer(Writer *writer) {
    for (guint i = 0; i < writer->batch->len; i++) {
        Job *job = job_at(writer, i);
        if (job->done != NULL)
            job->done(job->data, job->error);
        g_clear_error(&job->error);
    }
}

static void notices_send(Writer *writer) {
    g_mutex_lock(&writer->notices_lock);
    for (guint i = 0; i < writer->notices->len; i++) {
        Notice *notice = &g_array_index(writer->notices, Notice, i);
        notice->notice(notice->data);
    }
    g_mutex_unlock(&writer->notices_lock);
}

static void batch_run(Writer *writer) {
    g_autoptr(GError) error = NULL;
    gboolean kept = light_try(writer);
    for (int tried = 0; !kept && tried < TRIES; tried++) {
        g_clear_error(&error);
        kept = batch_try(writer, &error);
    }
    if (!kept)
        batch_fail(writer, error);
    batch_answer(writer);
    if (kept)
        notices_send(writer);
}

// Nobody has written for a while: what was kept for speed goes back to the system.
static void idle_run(Writer *writer) {
    if (writer->db != NULL && !writer->is_shrunk)
        db_shrink(writer->db);
    if (!writer->is_shrunk)
        malloc_trim(0);
    writer->is_shrunk = TRUE;
}

static gpointer writer_loop(gpointer data) {
    Writer *writer = data;
    while (job_queue_take(&writer->queue, writer->batch, BATCH_LIMIT)) {
        if (writer->batch->len == 0) {
            idle_run(writer);
            continue;
        }
        writer->is_shrunk = FALSE;
        batch_run(writer);
    }
    return NULL;
}

Writer *writer_new(const char *path, WriterDiskFull disk_full, gpointer data, GError **error) {
    Db *db = db_open(path, DB_WRITE, error);
    if (db == NULL)
        return NULL;
    Writer *writer = g_new0(Writer, 1);
    job_queue_init(&writer->queue);
    g_mutex_init(&writer->notices_lock);
    writer->batch = g_array_new(FALSE, FALSE, sizeof(Job));
    writer->notices = g_array_new(FALSE, FALSE, sizeof(Notice));
    writer->path = g_strdup(path);
    writer->db = db;
    writer->disk_full = disk_full;
    writer->disk_full_data = data;
    writer->thread = g_thread_new("writer", writer_loop, writer);
    return writer;
}

void writer_free(Writer *writer) {
    if (writer == NULL)
        return;
    job_queue_close(&writer->queue);
    g_thread_join(writer->thread);
    db_close(writer->db);
    job_queue_clear(&writer->queue);
    g_array_unref(writer->batch);
    g_array_unref(writer->notices);
    g_mutex_clear(&writer->notices_lock);
    g_free(writer->path);
    g_free(writer);
}

void writer_on_commit(Writer *writer, WriterNotice notice, gpointer data) {
    Notice entry = {notice, data};
    g_mutex_lock(&writer->notices_lock);
    g_array_append_val(writer->notices, entry);
    g_mutex_unlock(&writer->notices_lock);
}

void writer_off_commit(Writer *writer, WriterNotice notice, gpointer data) {
    g_mutex_lock(&writer->notices_lock);
    for (guint i = writer->notices->len; i-- > 0;) {
        const Notice *entry = &g_array_index(writer->notices, Notice, i);
        if (entry->notice == notice && entry->data == data)
            g_array_remove_index(writer->notices, i);
    }
    g_mutex_unlock(&writer->notices_lock);
}

static void job_submit(Writer *writer, const Job *job) {
    g_autoptr(GError) error = NULL;
    if (!job_queue_add(&writer->queue, job, &error) && job->done != NULL)
        job->done(job->data, error);
}

void writer_submit(Writer *writer, WriterRun run, WriterDone done, gpointer data) {
    job_submit(writer, &(Job){.run = run, .done = done, .data = data});
}

void writer_submit_light(Writer *writer, WriterRun run, WriterDone done, gpointer data) {
    job_submit(writer, &(Job){.run = run, .done = done, .data = data, .is_light = TRUE});
}
