// The inside of the server, for server*.c alone.
#pragma once

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <microhttpd.h>

#include "api/server.h"
#include "api/server_connections.h"

// One listener: TCP with its pool of threads, or the control socket with one.
typedef struct {
    struct Server *server;
    struct MHD_Daemon *daemon;
    int fd;
    gboolean is_control;
} Listener;

struct Server {
    const Router *router;
    Connections *connections;
    Listener network;
    Listener control;
    char *control_path;
    guint port;
    gint active;         // atomic: calls that are not answered yet
    gint is_ending;      // atomic
    GMutex mutex;        // of streams
    GHashTable *streams; // set of ApiStream being sent; borrowed
};

typedef enum { SERVER_REQUESTS, SERVER_CUT_SLOW, SERVER_REFUSED, SERVER_COUNTS } ServerCount;
void server_count(ServerCount count);
void server_figure_connections(int open);

// server_request.c: the life of a request, from its head to its end.
enum MHD_Result server_request_handle(void *listener, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *data, size_t *data_length, void **state);
void server_request_end(void *listener, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code);
Connection *server_connection_of(struct MHD_Connection *connection);

// server_head.c: the head as a request; a problem of its framing as *status (0: none).
HttpRequest *server_head_read(struct MHD_Connection *connection, const char *method,
                              const char *target, unsigned *status) G_GNUC_WARN_UNUSED_RESULT;
// The declared length of the body; -1: chunked; 0: none.
gint64 server_head_length(const HttpRequest *request);
// The client's address: the peer's, or what a trusted proxy says of it. Owned.
char *server_head_peer(const Connections *connections, const Connection *connection,
                       const HttpRequest *request) G_GNUC_WARN_UNUSED_RESULT;

// server_answer.c: queues the answer. Takes answer and stream (NULL: whole body). must_close: no
// other request on this connection.
enum MHD_Result server_answer_send(Server *server, struct MHD_Connection *connection,
                                   HttpAnswer *answer, ApiStream *stream, gboolean must_close);
// The request is over: its stream has no reader any more.
void server_answer_end(Server *server, Connection *connection);
// A short problem of the server's own.
HttpAnswer *server_answer_problem(unsigned status) G_GNUC_WARN_UNUSED_RESULT;

// server_socket.c: listening descriptors; -1 with an error (unavailable).
int server_socket_listen(const char *where, guint *port, GError **error);
int server_socket_listen_local(const char *path, GError **error);
