// The HTTP server: libmicrohttpd's epoll threads in front of the router, over TCP and over the Unix
// control socket. Sees to what concerns connections: deadlines, rates, sizes, counts, framing,
// security headers, suspended calls, streams. Made by dialogd alone; knows no resource.
#pragma once

#include "api/router.h"

typedef struct Server Server;

typedef struct {
    const char *listen;            // "127.0.0.1:8025", "[::]:8025"; port 0: any free one
    const char *control_socket;    // path; NULL: none
    guint threads;                 // of the TCP side
    guint connections_max;         // in all; 0: 2,000
    guint connections_per_address; // 0: 200; trusted proxies are free of it
    const char *const *proxies;    // trusted addresses and networks ("10.0.0.0/8"); NULL: none
    guint head_deadline_ms;        // until the head is read; 0: 10,000
    guint body_deadline_ms;        // until a body of up to 4 MiB is read; 0: 60,000
} ServerOptions;

// Listens and serves from now on. router is borrowed. NULL with an error (unavailable) that names
// the address.
Server *server_new(const Router *router, const ServerOptions *options,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The TCP port that it listens on.
guint server_port(const Server *server);

// Accepts no more connections and answers 503 to new requests; those under way go on.
void server_quiesce(Server *server);

// After server_quiesce: waits until every call is answered, at most so long, cuts the streams, and
// ends. FALSE when calls were still running: then memory is left to the process's end.
gboolean server_free(Server *server, gint64 patience_ms);

// For /metrics.
typedef struct {
    guint connections;
    guint64 requests;
    guint64 cut_slow; // connections cut by a deadline or for their slowness
    guint64 refused;  // connections refused by the limit per address
} ServerFigures;
void server_figures(ServerFigures *figures); // of the process
