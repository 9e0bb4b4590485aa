#include "api/server_state.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#define MEMORY_PER_CONNECTION (24 * 1024) // bounds the head
#define INACTIVITY_S 60
#define SENDING_MS 2000

static guint64 counts[SERVER_COUNTS]; // atomic
static int connections_open;          // atomic

void server_count(ServerCount count) {
    __atomic_fetch_add(&counts[count], 1, __ATOMIC_RELAXED);
}

void server_figure_connections(int open) {
    __atomic_store_n(&connections_open, open, __ATOMIC_RELAXED);
}

void server_figures(ServerFigures *figures) {
    *figures = (ServerFigures){
        .connections = (guint)__atomic_load_n(&connections_open, __ATOMIC_RELAXED),
        .requests = __atomic_load_n(&counts[SERVER_REQUESTS], __ATOMIC_RELAXED),
        .cut_slow = __atomic_load_n(&counts[SERVER_CUT_SLOW], __ATOMIC_RELAXED),
        .refused = __atomic_load_n(&counts[SERVER_REFUSED], __ATOMIC_RELAXED),
    };
}

static enum MHD_Result accept_policy(void *data, const struct sockaddr *address, socklen_t length) {
    const Listener *listener = data;
    (void)length;
    return listener->is_control || connections_accepts(listener->server->connections, address)
               ? MHD_YES
               : MHD_NO;
}

static void connection_noticed(void *data, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode code) {
    const Listener *listener = data;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        connections_remove(*context);
        *context = NULL;
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        listener->is_control
            ? NULL
            : MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *context = connections_add(listener->server->connections, fd, address, listener->is_control);
}

// The request line is here; libmicrohttpd gives handlers the path only after decoding it.
static void *target_noticed(void *data, const char *target, struct MHD_Connection *connection) {
    (void)data;
    Connection *own = server_connection_of(connection);
    g_free(own->target);
    own->target = g_strdup(target);
    connection_enter(own, PHASE_HEAD, 0);
    return NULL;
}

static gboolean listener_start(Listener *listener, guint threads, guint connections) {
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    if (threads < 2)
        pool[0] = pool[1];
    listener->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, accept_policy,
        listener, server_request_handle, listener, MHD_OPTION_LISTEN_SOCKET, listener->fd,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
        MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)INACTIVITY_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP,
        1, MHD_OPTION_NOTIFY_CONNECTION, connection_noticed, listener, MHD_OPTION_NOTIFY_COMPLETED,
        server_request_end, listener, MHD_OPTION_URI_LOG_CALLBACK, target_noticed, listener,
        MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    return listener->daemon != NULL;
}

static void fill_defaults(ServerOptions *options) {
    if (options->connections_max == 0)
        options->connections_max = 2000;
    if (options->connections_per_address == 0)
        options->connections_per_address = 200;
    if (options->head_deadline_ms == 0)
        options->head_deadline_ms = 10000;
    if (options->body_deadline_ms == 0)
        options->body_deadline_ms = 60000;
    if (options->threads == 0)
        options->threads = g_get_num_processors();
}

// Descriptors are kept for the store, mail and providers: at the limit of the process no accept
// fails, it just waits (reliability.md F27).
static guint connections_possible(guint wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return wanted;
    guint possible = (guint)MIN(limit.rlim_cur, G_MAXINT) / 4 * 3;
    return MAX(MIN(wanted, possible), 8);
}

Server *server_new(const Router *router, const ServerOptions *given, GError **error) {
    ServerOptions options = *given;
    fill_defaults(&options);
    options.connections_max = connections_possible(options.connections_max);
    Server *server = g_new0(Server, 1);
    server->router = router;
    server->network = (Listener){.server = server, .fd = -1};
    server->control = (Listener){.server = server, .fd = -1, .is_control = TRUE};
    server->control_path = g_strdup(options.control_socket);
    g_mutex_init(&server->mutex);
    server->streams = g_hash_table_new(NULL, NULL);
    server->connections = connections_new(&options);
    server->network.fd = server_socket_listen(options.listen, &server->port, error);
    if (server->network.fd >= 0 && options.control_socket != NULL)
        server->control.fd = server_socket_listen_local(options.control_socket, error);
    gboolean listens =
        server->network.fd >= 0 && (options.control_socket == NULL || server->control.fd >= 0);
    if (listens && listener_start(&server->network, options.threads, options.connections_max) &&
        (server->control.fd < 0 || listener_start(&server->control, 1, 64)))
        return server;
    if (listens)
        error_set(error, ERROR_UNAVAILABLE, "http_unstartable", "the HTTP server does not start");
    server_free(server, 0);
    return NULL;
}

guint server_port(const Server *server) {
    return server->port;
}

static void listener_quiesce(Listener *listener) {
    if (listener->daemon != NULL)
        MHD_quiesce_daemon(listener->daemon);
    if (listener->fd >= 0)
        close(listener->fd);
    listener->fd = -1;
}

void server_quiesce(Server *server) {
    if (__atomic_exchange_n(&server->is_ending, 1, __ATOMIC_ACQ_REL))
        return;
    listener_quiesce(&server->network);
    listener_quiesce(&server->control);
    if (server->control_path != NULL)
        unlink(server->control_path);
    connections_cut_idle(server->connections);
}

// Every suspended connection must be resumed before libmicrohttpd is stopped (performance.md).
static void cut_streams(Server *server) {
    g_mutex_lock(&server->mutex);
    GHashTableIter at;
    gpointer stream;
    g_hash_table_iter_init(&at, server->streams);
    while (g_hash_table_iter_next(&at, &stream, NULL))
        api_stream_cut(stream);
    g_mutex_unlock(&server->mutex);
}

static gboolean wait_for_calls(Server *server, gint64 patience_ms) {
    gint64 deadline = clock_monotonic() + patience_ms;
    while (__atomic_load_n(&server->active, __ATOMIC_ACQUIRE) > 0) {
        if (clock_monotonic() >= deadline)
            return FALSE;
        g_usleep(5000);
    }
    return TRUE;
}

// The answers bear Connection: close, so whoever reads them is soon gone.
static void wait_for_readers(Server *server, gint64 patience_ms) {
    gint64 deadline = clock_monotonic() + MIN(patience_ms, SENDING_MS);
    while (connections_count(server->connections) > 0 && clock_monotonic() < deadline)
        g_usleep(2000);
}

gboolean server_free(Server *server, gint64 patience_ms) {
    server_quiesce(server);
    if (!wait_for_calls(server, patience_ms))
        return FALSE;
    wait_for_readers(server, patience_ms); // of streams that have ended, too
    cut_streams(server);
    if (server->network.daemon != NULL)
        MHD_stop_daemon(server->network.daemon);
    if (server->control.daemon != NULL)
        MHD_stop_daemon(server->control.daemon);
    connections_free(server->connections);
    g_hash_table_unref(server->streams);
    g_mutex_clear(&server->mutex);
    g_free(server->control_path);
    g_free(server);
    return TRUE;
}
