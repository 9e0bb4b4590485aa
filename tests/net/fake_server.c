#include "fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct FakeServer {
    int listening;
    guint16 port;
    GThread *thread;
    GPtrArray *connections; // of GThread
    gint count;
    FakeServerHandler handler;
    gpointer data;
};

typedef struct {
    FakeServer *server;
    int socket;
    int number;
} Connection;

static gpointer connection_run(gpointer data) {
    Connection *connection = data;
    connection->server->handler(connection->socket, connection->number, connection->server->data);
    close(connection->socket);
    g_free(connection);
    return NULL;
}

static gpointer server_run(gpointer data) {
    FakeServer *server = data;
    const int yes = 1;
    int accepted;
    while ((accepted = accept(server->listening, NULL, NULL)) >= 0) {
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        Connection *connection = g_new0(Connection, 1);
        connection->server = server;
        connection->socket = accepted;
        connection->number = g_atomic_int_add(&server->count, 1) + 1;
        g_ptr_array_add(server->connections,
                        g_thread_new("connection", connection_run, connection));
    }
    return NULL;
}

FakeServer *fake_server_new(FakeServerHandler handler, gpointer data) {
    return fake_server_new_at(0, handler, data);
}

FakeServer *fake_server_new_at(guint16 port, FakeServerHandler handler, gpointer data) {
    FakeServer *server = g_new0(FakeServer, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int yes = 1;
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(server->listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    g_assert_cmpint(bind(server->listening, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(server->listening, 64), ==, 0);
    getsockname(server->listening, (struct sockaddr *)&address, &length);
    server->port = ntohs(address.sin_port);
    server->handler = handler;
    server->data = data;
    server->connections = g_ptr_array_new();
    server->thread = g_thread_new("accept", server_run, server);
    return server;
}

void fake_server_free(FakeServer *server) {
    shutdown(server->listening, SHUT_RDWR);
    g_thread_join(server->thread);
    for (guint at = 0; at < server->connections->len; at++)
        g_thread_join(server->connections->pdata[at]);
    close(server->listening);
    g_ptr_array_unref(server->connections);
    g_free(server);
}

guint16 fake_server_port(const FakeServer *server) {
    return server->port;
}

int fake_server_connections(FakeServer *server) {
    return g_atomic_int_get(&server->count);
}

char *fake_server_read_line(int socket) {
    GString *line = g_string_new(NULL);
    char byte;
    while (recv(socket, &byte, 1, 0) == 1) {
        if (byte == '\n') {
            if (line->len > 0 && line->str[line->len - 1] == '\r')
                g_string_truncate(line, line->len - 1);
            return g_string_free(line, FALSE);
        }
        g_string_append_c(line, byte);
    }
    g_string_free(line, TRUE);
    return NULL;
}

char *fake_server_read_http(int socket) {
    GString *request = g_string_new(NULL);
    gsize length = 0;
    char *line;
    while ((line = fake_server_read_line(socket)) != NULL && *line != '\0') {
        if (g_ascii_strncasecmp(line, "Content-Length:", 15) == 0)
            length = (gsize)g_ascii_strtoull(line + 15, NULL, 10);
        g_string_append_printf(request, "%s\n", line);
        g_free(line);
    }
    if (line == NULL) {
        g_string_free(request, TRUE);
        return NULL;
    }
    g_free(line);
    g_string_append_c(request, '\n');
    for (char byte; length > 0 && recv(socket, &byte, 1, 0) == 1; length--)
        g_string_append_c(request, byte);
    return g_string_free(request, FALSE);
}

void fake_server_write(int socket, const char *text) {
    gsize left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(socket, text, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        left -= (gsize)sent;
    }
}
