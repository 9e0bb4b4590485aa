// Changes of all conversations that fit a search, in the background: the row of such a job, and its
// work in small steps, each a writer job, so that mail goes on coming in. A restart goes on where
// the row stands. For ten minutes after its end all of it can be undone, where nobody has changed
// the conversation since. Used by api/bulk.c and desk/bulk_runner.
#pragma once

#include <jansson.h>

#include "store/store.h"

#define BULK_UNDO_MS (10 * 60 * 1000)
#define BULK_AT_ONCE 50 // conversations of one writer job
#define BULK_RUNNING_MAX 5

typedef struct {
    Id id;
    Id agent_id; // 0: the local administrator
    char *view;  // what the view asks; both must hold
    char *query;
    char *change;   // JSON
    char state[16]; // running, done, cancelled, undoing, undone
    Id until_id;    // conversations begun later are not meant
    Id cursor_id;   // the last one that was looked at
    gint64 total;   // how many there were when it was asked
    gint64 changed;
    gint64 failed; // refused, each by itself
    gint64 undone;
    gint64 skipped; // not undone: changed since, or gone
    Instant created_at;
    Instant finished_at;
    Instant undo_until;
} BulkJob;

void bulk_job_free(BulkJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BulkJob, bulk_job_free)

// As the API shows it.
json_t *bulk_job_json(const BulkJob *job) G_GNUC_WARN_UNUSED_RESULT;

// Writer job: begins it. FALSE with an error (limit) when the agent has too many running.
gboolean bulk_job_add(Db *db, const BulkJob *job, GError **error);

// The job of that id. NULL with an error (not found: bulk_unknown) also when it is another agent's;
// agent_id 0 sees all.
BulkJob *bulk_job_get(Db *db, Id id, Id agent_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The newest 50 of the agent: owned list of BulkJob.
GPtrArray *bulk_job_list(Db *db, Id agent_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Writer jobs: no further conversations; take back what was changed. Errors: conflict.
gboolean bulk_job_cancel(Db *db, const BulkJob *job, GError **error);
gboolean bulk_job_undo(Db *db, const BulkJob *job, Instant now, GError **error);

// The oldest that has work left. NULL without an error: none.
BulkJob *bulk_job_next(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Does the next step of the job: reads what is next, and changes it in one writer job.
gboolean bulk_job_work(Store *store, const BulkJob *job, GError **error);

// Writer job: forgets how to undo what cannot be undone any more, some at once, and jobs a week
// after their end.
gboolean bulk_job_forget(Db *db, Instant now, GError **error);
