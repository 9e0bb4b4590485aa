// /api/v1/bulk: changes of all that a search finds: how far they are, stopping and undoing them.
#include "api/resources.h"
#include "base/error.h"
#include "desk/bulk_job.h"

static void list_jobs(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    g_autoptr(GPtrArray) jobs =
        db != NULL ? bulk_job_list(db, api_call_principal(call)->agent_id, &error) : NULL;
    if (jobs == NULL) {
        api_call_fail(call, error);
        return;
    }
    json_t *items = json_array();
    for (guint at = 0; at < jobs->len; at++)
        json_array_append_new(items, bulk_job_json(jobs->pdata[at]));
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
}

static BulkJob *find(ApiCall *call, Db *db, GError **error) {
    Id id = api_call_path_id(call, "bulk", error);
    return id != 0 ? bulk_job_get(db, id, api_call_principal(call)->agent_id, error) : NULL;
}

static void get_job(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    g_autoptr(BulkJob) job = db != NULL ? find(call, db, &error) : NULL;
    if (job == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, bulk_job_json(job));
}

static gboolean answer(ApiCall *call, Db *db, GError **error) {
    g_autoptr(BulkJob) job = find(call, db, error);
    if (job == NULL)
        return FALSE;
    api_call_answer_json(call, 200, bulk_job_json(job));
    return TRUE;
}

static gboolean write_cancel(ApiCall *call, Db *db, gpointer data, GError **error) {
    g_autoptr(BulkJob) job = find(call, db, error);
    (void)data;
    return job != NULL && bulk_job_cancel(db, job, error) && answer(call, db, error);
}

static gboolean write_undo(ApiCall *call, Db *db, gpointer data, GError **error) {
    g_autoptr(BulkJob) job = find(call, db, error);
    (void)data;
    return job != NULL && bulk_job_undo(db, job, clock_now(), error) && answer(call, db, error);
}

static void cancel(ApiCall *call) {
    api_call_write(call, write_cancel, NULL, NULL);
}

static void undo(ApiCall *call) {
    api_call_write(call, write_undo, NULL, NULL);
}

const ApiRoute api_bulk_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/bulk",
     .permission = PERMISSION_CONVERSATION_BULK,
     .handler = list_jobs},
    {.method = "GET",
     .pattern = "/api/v1/bulk/{bulk}",
     .permission = PERMISSION_CONVERSATION_BULK,
     .handler = get_job},
    {.method = "POST",
     .pattern = "/api/v1/bulk/{bulk}/cancel",
     .permission = PERMISSION_CONVERSATION_BULK,
     .handler = cancel},
    {.method = "POST",
     .pattern = "/api/v1/bulk/{bulk}/undo",
     .permission = PERMISSION_CONVERSATION_BULK,
     .handler = undo},
    {0},
};
