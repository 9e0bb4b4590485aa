#include "store/writer.h"

// A job whose caller waits on its own stack.
typedef struct {
    WriterRun run;
    gpointer data;
    GMutex lock;
    GCond answered;
    gboolean is_answered;
    GError *error;
} Call;

static gboolean call_run(Db *db, gpointer data, GError **error) {
    Call *call = data;
    return call->run(db, call->data, error);
}

static void call_done(gpointer data, const GError *error) {
    Call *call = data;
    g_mutex_lock(&call->lock);
    call->error = error != NULL ? g_error_copy(error) : NULL;
    call->is_answered = TRUE;
    g_cond_signal(&call->answered);
    g_mutex_unlock(&call->lock);
}

gboolean writer_run(Writer *writer, WriterRun run, gpointer data, GError **error) {
    Call call = {.run = run, .data = data};
    g_mutex_init(&call.lock);
    g_cond_init(&call.answered);
    writer_submit(writer, call_run, call_done, &call);
    g_mutex_lock(&call.lock);
    while (!call.is_answered)
        g_cond_wait(&call.answered, &call.lock);
    g_mutex_unlock(&call.lock);
    g_mutex_clear(&call.lock);
    g_cond_clear(&call.answered);
    if (call.error == NULL)
        return TRUE;
    g_propagate_error(error, call.error);
    return FALSE;
}
