// /api/v1/backup and /api/v1/verify: for the administrator on the server itself (control socket).
#include <string.h>

#include "api/resources.h"
#include "base/error.h"
#include "desk/wait_verify.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/verify.h"

static json_t *facts_json(const char *path, const BackupFacts *facts) {
    g_autofree char *taken_at = instant_format(facts->taken_at);
    return json_pack("{s:s, s:I, s:I, s:I, s:i, s:s}", "path", path, "database_bytes",
                     (json_int_t)facts->database_bytes, "blobs", (json_int_t)facts->blobs,
                     "blob_bytes", (json_int_t)facts->blob_bytes, "schema", facts->schema,
                     "taken_at", taken_at);
}

static gboolean write_audit(Db *db, gpointer data, GError **error) {
    ApiCall *call = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return audit_add(db, actor, actor_id, "backup_written", "store", 0, NULL, error);
}

static const char *read_path(ApiCall *call, GError **error) {
    const char *path = NULL;
    if (!api_call_unpack(call, error, "{s:s}", "path", &path))
        return NULL;
    if (g_path_is_absolute(path))
        return path;
    error_set(error, ERROR_INVALID, "path_relative", "path must be absolute");
    return NULL;
}

static void make_backup(ApiCall *call) {
    GError *error = NULL;
    BackupFacts facts;
    Store *store = api_call_parts(call)->store;
    const char *path = read_path(call, &error);
    if (path != NULL && writer_run(store_writer(store), write_audit, call, &error) &&
        backup_write(store, path, &facts, &error))
        api_call_answer_json(call, 201, facts_json(path, &facts));
    else
        api_call_fail(call, error);
}

static void backup(ApiCall *call) {
    api_call_work_long(call, make_backup);
}

static json_t *report_json(const VerifyReport *report) {
    json_t *findings = json_array();
    for (guint at = 0; at < report->findings->len; at++) {
        const VerifyFinding *finding = report->findings->pdata[at];
        json_array_append_new(findings,
                              json_pack("{s:s, s:s, s:I, s:s?}", "check", finding->check, "meaning",
                                        finding->meaning, "count", (json_int_t)finding->count,
                                        "example", finding->example));
    }
    return json_pack("{s:b, s:I, s:I, s:o}", "is_sound", report->findings->len == 0, "checks",
                     (json_int_t)report->checks, "blobs", (json_int_t)report->blobs, "items",
                     findings);
}

static void make_report(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(VerifyReport) report = verify_store(api_call_parts(call)->store, &error);
    if (report != NULL && wait_verify(api_call_parts(call)->store, report, &error))
        api_call_answer_json(call, 200, report_json(report));
    else
        api_call_fail(call, error);
}

static void verify(ApiCall *call) {
    api_call_work_long(call, make_report);
}

const ApiRoute api_maintenance_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/backup",
     .permission = PERMISSION_LOCAL,
     .handler = backup},
    {.method = "GET",
     .pattern = "/api/v1/verify",
     .permission = PERMISSION_LOCAL,
     .handler = verify},
    {0},
};
