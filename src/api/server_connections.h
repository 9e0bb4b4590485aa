// The open connections: their phases and deadlines, counts per address, and the reaper that cuts
// the slow (libmicrohttpd's time-out is one of inactivity, which a drip of bytes defeats). Used by
// server*.c alone.
#pragma once

#include <glib.h>
#include <sys/socket.h>

#include "api/server.h"

typedef enum {
    PHASE_IDLE,   // kept alive, between requests
    PHASE_HEAD,   // from the first byte awaited to the end of the head
    PHASE_BODY,   //
    PHASE_WORK,   // the handler has it: no deadline here
    PHASE_ANSWER, // sending
    PHASE_STREAM, // sending without end: no deadline, the stream's backlog bounds it
} Phase;

typedef struct Connections Connections;

// One connection. Fields are its http thread's but phase, which the reaper reads.
typedef struct {
    Connections *owner;
    GList link; // in owner's queue
    int fd;
    gboolean is_control;
    gboolean is_counted; // against the limit of its address
    char *address;       // text of the peer's address; "" on the control socket
    char *target;        // of the request whose head is being read
    gint64 phase;        // atomic: Phase in the low 3 bits, monotonic milliseconds above
    gint64 bytes;        // atomic: of the body read, or of the answer to be sent
    ApiStream *stream;   // that is being sent, or NULL
    gboolean is_cut;     // by the reaper; under owner's lock
} Connection;

Connections *connections_new(const ServerOptions *options) G_GNUC_WARN_UNUSED_RESULT;
// All connections must be gone.
void connections_free(Connections *connections);

// FALSE: refuse, this address has as many as it may. Any thread.
gboolean connections_accepts(Connections *connections, const struct sockaddr *address);

// A connection that was accepted; ended by connections_remove before its descriptor is closed.
Connection *connections_add(Connections *connections, int fd, const struct sockaddr *address,
                            gboolean is_control) G_GNUC_WARN_UNUSED_RESULT;
void connections_remove(Connection *connection);

// The phase begins now. bytes: of the body expected or of the answer.
void connection_enter(Connection *connection, Phase phase, gint64 bytes);
void connection_count_bytes(Connection *connection, gsize length);

// Cuts this one. Any thread.
void connection_cut(Connection *connection);

// Cuts those that are between requests: at the end of the server.
void connections_cut_idle(Connections *connections);

// How many are open.
guint connections_count(Connections *connections);

// TRUE when the peer is one of the trusted proxies.
gboolean connections_trusts(const Connections *connections, const char *address);
