// The full export: GET /api/v1/export as a stream to whoever may see everything, POST
// /api/v1/export into a file for the administrator on the server itself (control socket).
#include "store/exchange_write.h"

#include "api/resources.h"
#include "base/error.h"
#include "base/log.h"
#include "store/audit.h"

typedef struct {
    Store *store;
    Actor actor;
    Id actor_id;
    ApiStream *stream;
    gboolean is_audited;
} Export;

static gboolean write_audit(Db *db, gpointer data, GError **error) {
    const Export *export = data;
    return audit_add(db, export->actor, export->actor_id, "data_exported", "store", 0, NULL, error);
}

// Once the snapshot is taken and before the first byte leaves: an export is not in itself, so that
// exporting twice gives the same, and none is without its row.
static gboolean audit(Export *export, GError **error) {
    export->is_audited =
        export->is_audited || writer_run(store_writer(export->store), write_audit, export, error);
    return export->is_audited;
}

static gboolean to_stream(gpointer data, const char *bytes, gsize length, GError **error) {
    Export *export = data;
    if (!audit(export, error))
        return FALSE;
    if (api_stream_write(export->stream, bytes, length))
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "reader_gone", "the reader of the export has gone");
    return FALSE;
}

static Export export_of(ApiCall *call) {
    Export export = {.store = api_call_parts(call)->store};
    export.actor = api_call_actor(call, &export.actor_id);
    return export;
}

static void stream_export(ApiCall *call) {
    g_autoptr(GError) failure = NULL;
    ExchangeFacts facts;
    Export export = export_of(call);
    g_autoptr(ApiStream) stream = api_call_answer_stream(call, 200, "application/jsonl");
    export.stream = stream;
    if (exchange_write(export.store, to_stream, &export, &facts, &failure))
        api_stream_end(stream);
    else
        log_error(failure, "export_broken", NULL);
}

// The whole store is for whom nothing is hidden.
static void get_export(ApiCall *call) {
    GError *error = NULL;
    if (api_call_viewer(call) == 0) {
        api_call_work_long(call, stream_export);
        return;
    }
    error_set(&error, ERROR_DENIED, "see_everything_missing",
              "a whole export needs the permission see_everything too");
    api_call_fail(call, error);
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

static void write_export(ApiCall *call) {
    GError *error = NULL;
    ExchangeFacts facts;
    Export export = export_of(call);
    const char *path = read_path(call, &error);
    if (path != NULL && exchange_write_file(export.store, path, &facts, &error) &&
        audit(&export, &error))
        api_call_answer_json(call, 201,
                             json_pack("{s:s, s:I, s:I}", "path", path, "lines",
                                       (json_int_t)facts.lines, "bytes", (json_int_t)facts.bytes));
    else
        api_call_fail(call, error);
}

static void post_export(ApiCall *call) {
    api_call_work_long(call, write_export);
}

const ApiRoute api_exchange_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/export",
     .permission = PERMISSION_DATA_EXPORT,
     .handler = get_export},
    {.method = "POST",
     .pattern = "/api/v1/export",
     .permission = PERMISSION_LOCAL,
     .handler = post_export},
    {0},
};
