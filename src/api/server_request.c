// The life of a request: head, body within its limits, the call, its answer; or its early end.
#include <string.h>
#include <sys/socket.h>

#include "api/server_state.h"

#define DISCARD_MAX (4 * 1024 * 1024) // read on past the limit to be able to answer 413 in order

typedef enum { CALL_RUNNING, CALL_SUSPENDED, CALL_ANSWERED } CallState;

typedef struct {
    Server *server;
    struct MHD_Connection *connection;
    ApiCall *call;
    GByteArray *body;
    gsize body_max;
    gsize discarded;
    gboolean has_run;
    int state; // atomic CallState: who finds the other there resumes the connection
} Request;

Connection *server_connection_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

static enum MHD_Result send_problem(Server *server, struct MHD_Connection *connection,
                                    unsigned status) {
    return server_answer_send(server, connection, server_answer_problem(status), NULL, TRUE);
}

static enum MHD_Result send_answer(Request *request, gboolean must_close) {
    HttpAnswer *answer = api_call_take_answer(request->call);
    ApiStream *stream = api_call_take_stream(request->call);
    g_clear_pointer(&request->call, api_call_free);
    return server_answer_send(request->server, request->connection, answer, stream,
                              must_close ||
                                  __atomic_load_n(&request->server->is_ending, __ATOMIC_RELAXED));
}

static enum MHD_Result begin(Listener *listener, struct MHD_Connection *connection,
                             const char *method, void **state) {
    Server *server = listener->server;
    Connection *own = server_connection_of(connection);
    unsigned problem = 0;
    HttpRequest *head = server_head_read(connection, method, own->target, &problem);
    server_count(SERVER_REQUESTS);
    if (__atomic_load_n(&server->is_ending, __ATOMIC_RELAXED))
        problem = 503;
    gint64 length = server_head_length(head);
    if (problem != 0) {
        http_request_free(head);
        return send_problem(server, connection, problem);
    }
    g_autofree char *peer = server_head_peer(server->connections, own, head);
    ApiCall *call = router_begin(server->router, head, peer,
                                 listener->is_control ? &PRINCIPAL_LOCAL : &PRINCIPAL_NOBODY);
    Request *request = g_new0(Request, 1);
    *request = (Request){.server = server, .connection = connection, .call = call};
    *state = request;
    if (api_call_is_answered(call))
        return send_answer(request, length != 0);
    request->body_max = api_call_body_max(call);
    if (length > (gint64)request->body_max)
        return send_problem(server, connection, 413);
    if (length != 0) {
        request->body = g_byte_array_new();
        connection_enter(own, PHASE_BODY, 0);
    }
    return MHD_YES;
}

// An answer past libmicrohttpd, which takes none while a body comes in; then the end.
static enum MHD_Result refuse_endless(struct MHD_Connection *connection) {
    static const char answer[] = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n"
                                 "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
    int fd = server_connection_of(connection)->fd;
    (void)!send(fd, answer, strlen(answer), MSG_DONTWAIT | MSG_NOSIGNAL);
    return MHD_NO;
}

static enum MHD_Result take_body(Request *request, const char *data, size_t *length) {
    gsize taken = *length;
    *length = 0;
    connection_count_bytes(server_connection_of(request->connection), taken);
    if (request->discarded == 0 && request->body->len + taken <= request->body_max) {
        g_byte_array_append(request->body, (const guint8 *)data, (guint)taken);
        return MHD_YES;
    }
    g_byte_array_set_size(request->body, 0);
    request->discarded += taken;
    return request->discarded <= DISCARD_MAX ? MHD_YES : refuse_endless(request->connection);
}

// Any thread. After the exchange the request may be gone, unless it is suspended and so waits.
static void answered(ApiCall *call, gpointer data) {
    Request *request = data;
    (void)call;
    Server *server = request->server;
    struct MHD_Connection *connection = request->connection;
    int before = __atomic_exchange_n(&request->state, CALL_ANSWERED, __ATOMIC_ACQ_REL);
    if (before == CALL_SUSPENDED)
        MHD_resume_connection(connection);
    __atomic_fetch_sub(&server->active, 1, __ATOMIC_RELEASE);
}

static enum MHD_Result run(Request *request) {
    GBytes *body = request->body != NULL ? g_byte_array_free_to_bytes(request->body)
                                         : g_bytes_new_static("", 0);
    request->body = NULL;
    request->has_run = TRUE;
    connection_enter(server_connection_of(request->connection), PHASE_WORK, 0);
    __atomic_fetch_add(&request->server->active, 1, __ATOMIC_RELAXED);
    router_run(request->call, body, answered, request);
    if (__atomic_load_n(&request->state, __ATOMIC_ACQUIRE) == CALL_ANSWERED)
        return send_answer(request, FALSE);
    MHD_suspend_connection(request->connection);
    int running = CALL_RUNNING;
    if (!__atomic_compare_exchange_n(&request->state, &running, CALL_SUSPENDED, FALSE,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        MHD_resume_connection(request->connection);
    return MHD_YES;
}

enum MHD_Result server_request_handle(void *data, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *bytes, size_t *length, void **state) {
    (void)url;
    (void)version;
    Request *request = *state;
    if (request == NULL)
        return begin(data, connection, method, state);
    if (*length > 0)
        return take_body(request, bytes, length);
    if (request->discarded > 0)
        return send_problem(request->server, connection, 413);
    return request->has_run ? send_answer(request, FALSE) : run(request);
}

void server_request_end(void *data, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code) {
    (void)code;
    Request *request = *state;
    Connection *own = server_connection_of(connection);
    *state = NULL;
    server_answer_end(((Listener *)data)->server, own);
    connection_enter(own, PHASE_IDLE, 0);
    if (request == NULL)
        return;
    if (request->body != NULL)
        g_byte_array_unref(request->body);
    api_call_free(request->call);
    g_free(request);
}
