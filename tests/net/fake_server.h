// A server on 127.0.0.1 for tests: a thread a connection, which runs the test's own handler on the
// socket. Counts connections. Not for production code.
#pragma once

#include <glib.h>

typedef struct FakeServer FakeServer;

// Speaks on the connected socket until done; the server closes it. number counts from 1.
typedef void (*FakeServerHandler)(int socket, int number, gpointer data);

FakeServer *fake_server_new(FakeServerHandler handler, gpointer data);
FakeServer *fake_server_new_at(guint16 port, FakeServerHandler handler, gpointer data); // 0: any
void fake_server_free(FakeServer *server); // waits for the handlers
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeServer, fake_server_free)

guint16 fake_server_port(const FakeServer *server);
int fake_server_connections(FakeServer *server);

// Helpers for handlers. Reads to the end of an HTTP request (by Content-Length); the whole of it as
// text, or NULL at the end of the stream.
char *fake_server_read_http(int socket) G_GNUC_WARN_UNUSED_RESULT;
// One line without its CRLF, or NULL at the end of the stream.
char *fake_server_read_line(int socket) G_GNUC_WARN_UNUSED_RESULT;
void fake_server_write(int socket, const char *text);
