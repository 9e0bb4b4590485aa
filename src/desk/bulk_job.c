#include "desk/bulk_job.h"

#include <string.h>

#include "base/error.h"

#define LIST_MAX 50
#define FORGOTTEN_AT_ONCE 1000
#define BULK_KEPT_MS (7 * 24 * G_GINT64_CONSTANT(3600000)) // what was searched may name people

#define SELECT                                                                                     \
    "SELECT id, agent_id, view, query, change, state, until_id, cursor_id, total, changed, "       \
    "failed, undone, skipped, created_at, finished_at, undo_until FROM bulk_job "

void bulk_job_free(BulkJob *job) {
    if (job == NULL)
        return;
    g_free(job->view);
    g_free(job->query);
    g_free(job->change);
    g_free(job);
}

static BulkJob *job_of_row(DbRows *rows) {
    BulkJob *job = g_new0(BulkJob, 1);
    job->id = db_rows_id(rows, 0);
    job->agent_id = db_rows_int(rows, 1);
    job->view = g_strdup(db_rows_text(rows, 2));
    job->query = g_strdup(db_rows_text(rows, 3));
    job->change = g_strdup(db_rows_text(rows, 4));
    g_strlcpy(job->state, db_rows_text(rows, 5), sizeof job->state);
    job->until_id = db_rows_int(rows, 6);
    job->cursor_id = db_rows_int(rows, 7);
    job->total = db_rows_int(rows, 8);
    job->changed = db_rows_int(rows, 9);
    job->failed = db_rows_int(rows, 10);
    job->undone = db_rows_int(rows, 11);
    job->skipped = db_rows_int(rows, 12);
    job->created_at = db_rows_instant(rows, 13);
    job->finished_at = db_rows_instant(rows, 14);
    job->undo_until = db_rows_instant(rows, 15);
    return job;
}

static json_t *instant_json(Instant instant) {
    g_autofree char *text = instant != INSTANT_NONE ? instant_format(instant) : NULL;
    return text != NULL ? json_string(text) : json_null();
}

json_t *bulk_job_json(const BulkJob *job) {
    char id[ID_TEXT_SIZE];
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "id",
                     id_format(job->id, id), "state", job->state, "view", job->view, "query",
                     job->query, "change", json_loads(job->change, 0, NULL), "total",
                     (json_int_t)job->total, "changed", (json_int_t)job->changed, "failed",
                     (json_int_t)job->failed, "undone", (json_int_t)job->undone, "skipped",
                     (json_int_t)job->skipped, "created_at", instant_json(job->created_at),
                     "finished_at", instant_json(job->finished_at), "undo_until",
                     instant_json(job->undo_until));
}

gboolean bulk_job_add(Db *db, const BulkJob *job, GError **error) {
    gint64 running = 0;
    if (!db_query_int(db,
                      "SELECT COUNT(*) FROM bulk_job WHERE agent_id = $1 AND state IN ('running',"
                      " 'undoing')",
                      DB_VALUES(DB_INT(job->agent_id)), &running, NULL, error))
        return FALSE;
    if (running >= BULK_RUNNING_MAX) {
        error_set(error, ERROR_LIMIT, "bulk_too_many",
                  "several bulk changes are running: wait for one, or cancel it");
        return FALSE;
    }
    return db_run(db,
                  "INSERT INTO bulk_job (id, agent_id, view, query, change, state, until_id, total,"
                  " created_at) SELECT $1, $2, $3, $4, $5, 'running', coalesce(max(id), 0), $6, $7"
                  " FROM conversation",
                  DB_VALUES(DB_ID(job->id), DB_INT(job->agent_id), DB_TEXT(job->view),
                            DB_TEXT(job->query), DB_TEXT(job->change), DB_INT(job->total),
                            DB_INSTANT(job->created_at)),
                  error);
}

static GPtrArray *jobs_read(DbRows *rows, GError **error) {
    GError *failure = NULL;
    g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)bulk_job_free);
    while (rows != NULL && db_rows_next(rows, &failure))
        g_ptr_array_add(jobs, job_of_row(rows));
    if (failure != NULL)
        g_propagate_error(error, failure);
    return rows != NULL && failure == NULL ? g_steal_pointer(&jobs) : NULL;
}

static BulkJob *first_of(GPtrArray *jobs) {
    return jobs != NULL && jobs->len > 0 ? g_ptr_array_steal_index(jobs, 0) : NULL;
}

BulkJob *bulk_job_get(Db *db, Id id, Id agent_id, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, SELECT "WHERE id = $1 AND ($2 = 0 OR agent_id = $2)",
                                      DB_VALUES(DB_INT(id), DB_INT(agent_id)), error);
    g_autoptr(GPtrArray) jobs = jobs_read(rows, error);
    BulkJob *job = first_of(jobs);
    if (jobs != NULL && job == NULL)
        error_set(error, ERROR_NOT_FOUND, "bulk_unknown", "there is no such bulk change");
    return job;
}

GPtrArray *bulk_job_list(Db *db, Id agent_id, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, SELECT "WHERE $1 = 0 OR agent_id = $1 ORDER BY id DESC LIMIT $2",
                 DB_VALUES(DB_INT(agent_id), DB_INT(LIST_MAX)), error);
    return jobs_read(rows, error);
}

BulkJob *bulk_job_next(Db *db, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, SELECT "WHERE state IN ('running', 'undoing') ORDER BY id LIMIT 1",
                 DB_NO_VALUES, error);
    g_autoptr(GPtrArray) jobs = jobs_read(rows, error);
    return first_of(jobs);
}

static gboolean refuse(GError **error, const char *code, const char *message) {
    error_set(error, ERROR_CONFLICT, code, "%s", message);
    return FALSE;
}

gboolean bulk_job_cancel(Db *db, const BulkJob *job, GError **error) {
    Instant now = clock_now();
    if (strcmp(job->state, "running") != 0)
        return refuse(error, "bulk_not_running", "this bulk change does not run any more");
    return db_run(db,
                  "UPDATE bulk_job SET state = 'cancelled', finished_at = $2, undo_until = $3"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(job->id), DB_INSTANT(now), DB_INSTANT(now + BULK_UNDO_MS)),
                  error);
}

gboolean bulk_job_undo(Db *db, const BulkJob *job, Instant now, GError **error) {
    gboolean has_ended = strcmp(job->state, "done") == 0 || strcmp(job->state, "cancelled") == 0;
    if (!has_ended)
        return refuse(error, "bulk_not_done", "only a bulk change that has ended can be undone");
    if (job->undo_until == INSTANT_NONE || job->undo_until < now)
        return refuse(error, "undo_too_late", "a bulk change can be undone for ten minutes");
    return db_run(db, "UPDATE bulk_job SET state = 'undoing', cursor_id = 0 WHERE id = $1",
                  DB_VALUES(DB_ID(job->id)), error);
}

gboolean bulk_job_forget(Db *db, Instant now, GError **error) {
    return db_run(db,
                  "DELETE FROM bulk_item WHERE (job_id, conversation_id) IN (SELECT i.job_id,"
                  " i.conversation_id FROM bulk_item i JOIN bulk_job j ON j.id = i.job_id WHERE"
                  " j.state NOT IN ('running', 'undoing') AND coalesce(j.undo_until, j.finished_at)"
                  " < $1 LIMIT $2)",
                  DB_VALUES(DB_INSTANT(now), DB_INT(FORGOTTEN_AT_ONCE)), error) &&
           db_run(db,
                  "DELETE FROM bulk_job WHERE state NOT IN ('running', 'undoing') AND"
                  " coalesce(undo_until, finished_at) < $1 AND NOT EXISTS (SELECT 1 FROM bulk_item"
                  " i WHERE i.job_id = bulk_job.id)",
                  DB_VALUES(DB_INSTANT(now - BULK_KEPT_MS)), error);
}
