// In-process calls: the router without a server around it.
#include "api/router.h"

typedef struct {
    GMutex mutex;
    GCond changed;
    ApiCall *call; // once answered
} Waiting;

static void answered(ApiCall *call, gpointer data) {
    Waiting *waiting = data;
    g_mutex_lock(&waiting->mutex);
    waiting->call = call;
    g_cond_signal(&waiting->changed);
    g_mutex_unlock(&waiting->mutex);
}

static ApiCall *run_and_wait(ApiCall *call, GBytes *body) {
    Waiting waiting = {0};
    g_mutex_init(&waiting.mutex);
    g_cond_init(&waiting.changed);
    router_run(call, body, answered, &waiting);
    g_mutex_lock(&waiting.mutex);
    while (waiting.call == NULL)
        g_cond_wait(&waiting.changed, &waiting.mutex);
    g_mutex_unlock(&waiting.mutex);
    g_cond_clear(&waiting.changed);
    g_mutex_clear(&waiting.mutex);
    return waiting.call;
}

static GBytes *read_stream(ApiStream *stream) {
    g_autoptr(GByteArray) all = g_byte_array_new();
    char buffer[16384];
    gsize length;
    while (api_stream_read_wait(stream, buffer, sizeof buffer, &length) == STREAM_BYTES)
        g_byte_array_append(all, (const guint8 *)buffer, (guint)length);
    api_stream_close(stream);
    return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

HttpAnswer *router_call(const Router *router, HttpRequest *request, const Principal *principal) {
    GBytes *body = g_bytes_ref(request->body);
    ApiCall *call = router_begin(router, request, "", principal);
    if (api_call_is_answered(call))
        g_bytes_unref(body);
    else
        call = run_and_wait(call, body);
    HttpAnswer *answer = api_call_take_answer(call);
    g_autoptr(ApiStream) stream = api_call_take_stream(call);
    if (stream != NULL) {
        g_bytes_unref(answer->body);
        answer->body = read_stream(stream);
    }
    api_call_free(call);
    return answer;
}
