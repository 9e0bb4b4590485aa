// /api/v1/customers/{customer}/personal-data: all that is held on a person, as a tar archive.
#include <fcntl.h>
#include <unistd.h>

#include "api/customer_load.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/log.h"
#include "reports/personal_data.h"
#include "store/audit.h"

#define CHUNK_BYTES 65536

typedef struct {
    Id customer_id;
    CustomerActor who;
} Request;

// What the archive is written to; read by this file's own thread.
typedef struct {
    Store *store;
    Id customer_id;
    int fd; // the writing end
} Producer;

static gpointer produce(gpointer data) {
    Producer *producer = data;
    g_autoptr(GError) error = NULL;
    if (!personal_data_write(producer->store, producer->customer_id, producer->fd, &error))
        log_error(error, "personal_data_broken", NULL);
    gboolean is_whole = error == NULL;
    close(producer->fd);
    return GINT_TO_POINTER(is_whole);
}

static gboolean write_audit(Db *db, gpointer data, GError **error) {
    const Request *request = data;
    Id root;
    return customer_get_root(db, request->customer_id, &root, error) &&
           audit_add(db, request->who.actor, request->who.actor_id, "personal_data_exported",
                     "customer", root, NULL, error);
}

// A reader that has gone is told to the producer by the closed pipe.
static void copy(int from, ApiStream *stream) {
    g_autofree char *buffer = g_malloc(CHUNK_BYTES);
    ssize_t length;
    while ((length = read(from, buffer, CHUNK_BYTES)) > 0)
        if (!api_stream_write(stream, buffer, (gsize)length))
            return;
}

static void stream_archive(ApiCall *call, Store *store, Id customer_id, const int ends[2]) {
    Producer producer = {store, customer_id, ends[1]};
    api_call_add_header(call, "Content-Disposition", "attachment; filename=\"personal-data.tar\"");
    api_call_add_header(call, "Cache-Control", "private, no-store");
    g_autoptr(ApiStream) stream = api_call_answer_stream(call, 200, "application/x-tar");
    GThread *thread = g_thread_new("personal-data", produce, &producer);
    copy(ends[0], stream);
    close(ends[0]);
    if (GPOINTER_TO_INT(g_thread_join(thread)))
        api_stream_end(stream);
}

static void export_all(ApiCall *call) {
    GError *error = NULL;
    int ends[2];
    Store *store = api_call_parts(call)->store;
    Request request = {api_call_path_id(call, "customer", &error), customer_actor(call)};
    if (request.customer_id != 0 && api_call_see_all(call, "an export of a person", &error) &&
        writer_run(store_writer(store), write_audit, &request, &error)) {
        if (pipe2(ends, O_CLOEXEC) == 0) {
            stream_archive(call, store, request.customer_id, ends);
            return;
        }
        error_set(&error, ERROR_UNAVAILABLE, "files_exhausted", "too many files are open");
    }
    api_call_fail(call, error);
}

static void get_personal_data(ApiCall *call) {
    api_call_work_long(call, export_all);
}

const ApiRoute api_personal_data_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/personal-data",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = get_personal_data},
    {0},
};
