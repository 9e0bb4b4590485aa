// Answers: from ours to libmicrohttpd's, with the security headers that every one bears
// (reliability.md K08).
#include <string.h>

#include "api/server_state.h"

#define STREAM_BLOCK (32 * 1024)

// A handler that sets one of them itself has the say.
static const struct {
    const char *name;
    const char *value;
} security_headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
                                "form-action 'none'; sandbox"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"Strict-Transport-Security", "max-age=31536000"},
    {"X-Content-Type-Options", "nosniff"},
};

static void add_headers(struct MHD_Response *response, const HttpAnswer *answer,
                        gboolean must_close) {
    for (guint at = 0; at < answer->headers->len; at++) {
        const HttpField *field = answer->headers->pdata[at];
        MHD_add_response_header(response, field->name, field->value);
    }
    for (gsize at = 0; at < G_N_ELEMENTS(security_headers); at++)
        if (http_header_find(answer->headers, security_headers[at].name) == NULL)
            MHD_add_response_header(response, security_headers[at].name,
                                    security_headers[at].value);
    if (must_close)
        MHD_add_response_header(response, "Connection", "close");
}

static void bytes_unref(void *bytes) {
    g_bytes_unref(bytes);
}

static struct MHD_Response *response_of_bytes(GBytes *bytes) {
    gsize length;
    gconstpointer data = g_bytes_get_data(bytes, &length);
    void *buffer = (void *)(guintptr)data; // libmicrohttpd only reads it
    return MHD_create_response_from_buffer_with_free_callback_cls(length, buffer, bytes_unref,
                                                                  g_bytes_ref(bytes));
}

typedef struct {
    ApiStream *stream;
    struct MHD_Connection *connection;
} Streaming;

static void suspend(gpointer data) {
    MHD_suspend_connection(((Streaming *)data)->connection);
}

static void resume(gpointer data) {
    MHD_resume_connection(((Streaming *)data)->connection);
}

static ssize_t read_stream(void *data, uint64_t position, char *buffer, size_t size) {
    Streaming *streaming = data;
    gsize length;
    (void)position;
    switch (api_stream_read(streaming->stream, buffer, size, &length, suspend, resume, streaming)) {
    case STREAM_BYTES:
        return (ssize_t)length;
    case STREAM_EMPTY:
        return 0;
    case STREAM_ENDED:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case STREAM_CUT:
    default:
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
}

// The reader stands still with its socket full: libmicrohttpd would wait for it.
static void cut(gpointer data) {
    connection_cut(data);
}

static struct MHD_Response *response_of_stream(Server *server, struct MHD_Connection *connection,
                                               ApiStream *stream) {
    Connection *own = server_connection_of(connection);
    Streaming *streaming = g_new0(Streaming, 1);
    *streaming = (Streaming){.stream = stream, .connection = connection};
    own->stream = stream;
    api_stream_on_cut(stream, cut, own);
    g_mutex_lock(&server->mutex);
    g_hash_table_add(server->streams, stream);
    g_mutex_unlock(&server->mutex);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, streaming,
                                             g_free);
}

void server_answer_end(Server *server, Connection *connection) {
    ApiStream *stream = g_steal_pointer(&connection->stream);
    if (stream == NULL)
        return;
    g_mutex_lock(&server->mutex);
    g_hash_table_remove(server->streams, stream);
    g_mutex_unlock(&server->mutex);
    api_stream_close(stream);
    api_stream_unref(stream);
}

enum MHD_Result server_answer_send(Server *server, struct MHD_Connection *connection,
                                   HttpAnswer *answer, ApiStream *stream, gboolean must_close) {
    Connection *own = server_connection_of(connection);
    struct MHD_Response *response = stream != NULL ? response_of_stream(server, connection, stream)
                                                   : response_of_bytes(answer->body);
    add_headers(response, answer, must_close);
    connection_enter(own, stream != NULL ? PHASE_STREAM : PHASE_ANSWER,
                     (gint64)g_bytes_get_size(answer->body));
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    http_answer_free(answer);
    return result;
}

HttpAnswer *server_answer_problem(unsigned status) {
    static const struct {
        unsigned status;
        const char *code;
        const char *detail;
    } problems[] = {
        {400, "framing_invalid", "the head of the request is ambiguous"},
        {413, "body_too_large", "the body is larger than this path takes"},
        {417, "expectation_unknown", "only Expect: 100-continue is known"},
        {431, "headers_too_many", "the request has too many headers"},
        {503, "server_ending", "dialogd is being stopped: try again in a moment"},
    };
    HttpAnswer *answer = http_answer_new(status);
    http_answer_add_header(answer, "Content-Type", "application/problem+json");
    for (gsize at = 0; at < G_N_ELEMENTS(problems); at++)
        if (problems[at].status == status) {
            char *text = g_strdup_printf("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
                                         "\"code\":\"%s\",\"detail\":\"%s\"}",
                                         MHD_get_reason_phrase_for(status), status,
                                         problems[at].code, problems[at].detail);
            g_bytes_unref(answer->body);
            answer->body = g_bytes_new_take(text, strlen(text));
        }
    return answer;
}
