#include "net/lmtp_server.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/lmtp_socket.h"

#define LISTENER_ID 0
#define WAKE_ID 1
#define MAIL_MS (10 * 60 * 1000) // for one mail, from the first byte to its end

// Where answers come in from other threads; outlives the server while mails are unanswered.
typedef struct {
    GMutex mutex;
    GQueue answered; // of Answer
    int wake;        // eventfd
} Answers;

struct LmtpPending {
    Answers *answers;
    guint64 connection_id;
    LmtpMail *mail;
};

typedef struct {
    guint64 connection_id;
    char **replies;
} Answer;

typedef struct {
    guint64 id;
    int socket;
    LmtpSession *session;
    GString *out;
    gint64 heard_at; // monotonic
    gint64 begun_at; // of the present mail
} Connection;

struct LmtpServer {
    LmtpServerOptions options;
    LmtpOptions session_options;
    Answers *answers;
    int listener;
    int epoll;
    guint16 port;
    gint stopping;
    guint64 next_id;
    GHashTable *connections; // id -> Connection, owned
    char *path;
    GThread *thread;
};

static void answer_free(Answer *answer) {
    g_strfreev(answer->replies);
    g_free(answer);
}

static void answers_clear(gpointer data) {
    Answers *answers = data;
    g_queue_clear_full(&answers->answered, (GDestroyNotify)answer_free);
    g_mutex_clear(&answers->mutex);
    close(answers->wake);
}

static void ring(const Answers *answers) {
    guint64 one = 1;
    if (write(answers->wake, &one, sizeof one) < 0)
        return; // full: it will wake all the same
}

void lmtp_pending_answer(LmtpPending *pending, const char *const *replies) {
    Answers *answers = pending->answers;
    Answer *answer = g_new0(Answer, 1);
    answer->connection_id = pending->connection_id;
    g_autoptr(GStrvBuilder) copy = g_strv_builder_new();
    for (guint at = 0; at < pending->mail->recipients->len; at++)
        g_strv_builder_add(copy, replies[at]);
    answer->replies = g_strv_builder_end(copy);
    g_mutex_lock(&answers->mutex);
    g_queue_push_tail(&answers->answered, answer);
    g_mutex_unlock(&answers->mutex);
    ring(answers);
    lmtp_mail_free(pending->mail);
    g_free(pending);
    g_atomic_rc_box_release_full(answers, answers_clear);
}

static void connection_free(Connection *connection) {
    close(connection->socket);
    lmtp_session_free(connection->session);
    g_string_free(connection->out, TRUE);
    g_free(connection);
}

static void drop(LmtpServer *server, Connection *connection) {
    guint64 id = connection->id;
    g_hash_table_remove(server->connections, &id);
}

static void follow(LmtpServer *server, const Connection *connection, int operation) {
    gboolean can_read =
        !lmtp_session_is_waiting(connection->session) && !lmtp_session_is_over(connection->session);
    struct epoll_event event = {
        .events = (can_read ? EPOLLIN : 0U) | (connection->out->len > 0 ? EPOLLOUT : 0U),
        .data.u64 = connection->id,
    };
    epoll_ctl(server->epoll, operation, connection->socket, &event);
}

// Sends what there is, and says what to wait for next. The connection may be gone afterwards.
static void flush(LmtpServer *server, Connection *connection) {
    while (connection->out->len > 0) {
        ssize_t sent =
            send(connection->socket, connection->out->str, connection->out->len, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (sent <= 0) {
            drop(server, connection);
            return;
        }
        g_string_erase(connection->out, 0, sent);
    }
    if (connection->out->len == 0 && lmtp_session_is_over(connection->session))
        drop(server, connection);
    else
        follow(server, connection, EPOLL_CTL_MOD);
}

static void hand_over(LmtpServer *server, const Connection *connection) {
    LmtpMail *mail = lmtp_session_take_mail(connection->session);
    if (mail == NULL)
        return;
    LmtpPending *pending = g_new0(LmtpPending, 1);
    pending->answers = g_atomic_rc_box_acquire(server->answers);
    pending->connection_id = connection->id;
    pending->mail = mail;
    server->options.take(mail, pending, server->options.data);
}

static void hang_up(LmtpServer *server, Connection *connection, const char *reply) {
    if (send(connection->socket, reply, strlen(reply), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        g_string_truncate(connection->out, 0); // it hears nothing; the socket is closed anyway
    drop(server, connection);
}

static gsize memory_used(const LmtpServer *server) {
    gsize size = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, server->connections);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        size += lmtp_session_size(((const Connection *)value)->session);
    return size;
}

static void read_some(LmtpServer *server, Connection *connection) {
    char buffer[65536];
    ssize_t length = recv(connection->socket, buffer, sizeof buffer, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (length <= 0) {
        drop(server, connection);
        return;
    }
    connection->heard_at = clock_monotonic();
    if (lmtp_session_size(connection->session) == 0)
        connection->begun_at = connection->heard_at;
    lmtp_session_feed(connection->session, buffer, (gsize)length, connection->out);
    hand_over(server, connection);
    if (memory_used(server) > server->options.memory_limit)
        hang_up(server, connection, "421 4.3.1 too much mail at once, come again\r\n");
    else
        flush(server, connection);
}

static void accept_some(LmtpServer *server) {
    int handle = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (handle < 0)
        return;
    Connection *connection = g_new0(Connection, 1);
    connection->id = server->next_id++;
    connection->socket = handle;
    connection->out = g_string_new(NULL);
    connection->session = lmtp_session_new(&server->session_options, connection->out);
    connection->heard_at = connection->begun_at = clock_monotonic();
    gboolean is_full = g_hash_table_size(server->connections) >= server->options.connections;
    g_hash_table_insert(server->connections, &connection->id, connection);
    if (is_full) {
        hang_up(server, connection, "421 4.3.2 too many connections, come again\r\n");
        return;
    }
    follow(server, connection, EPOLL_CTL_ADD);
    flush(server, connection);
}

static void take_answers(LmtpServer *server) {
    guint64 count;
    if (read(server->answers->wake, &count, sizeof count) < 0)
        return;
    for (;;) {
        g_mutex_lock(&server->answers->mutex);
        Answer *answer = g_queue_pop_head(&server->answers->answered);
        g_mutex_unlock(&server->answers->mutex);
        if (answer == NULL)
            return;
        Connection *connection = g_hash_table_lookup(server->connections, &answer->connection_id);
        if (connection != NULL) {
            connection->heard_at = connection->begun_at = clock_monotonic();
            lmtp_session_answer(connection->session, (const char *const *)answer->replies,
                                connection->out);
            hand_over(server, connection);
            flush(server, connection);
        }
        answer_free(answer);
    }
}

static void handle(LmtpServer *server, const struct epoll_event *event) {
    if (event->data.u64 == LISTENER_ID) {
        accept_some(server);
        return;
    }
    if (event->data.u64 == WAKE_ID) {
        take_answers(server);
        return;
    }
    guint64 id = event->data.u64;
    Connection *connection = g_hash_table_lookup(server->connections, &id);
    if (connection == NULL)
        return;
    if ((event->events & EPOLLIN) != 0)
        read_some(server, connection);
    else if ((event->events & EPOLLOUT) != 0)
        flush(server, connection);
    else
        drop(server, connection);
}

// Those that are silent, or take for ever over one mail.
static void drop_idle(LmtpServer *server) {
    gint64 now = clock_monotonic();
    g_autoptr(GPtrArray) idle = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, server->connections);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Connection *connection = value;
        gboolean is_slow =
            lmtp_session_size(connection->session) > 0 && now - connection->begun_at > MAIL_MS;
        if (!lmtp_session_is_waiting(connection->session) &&
            (is_slow || now - connection->heard_at > server->options.idle_ms))
            g_ptr_array_add(idle, value);
    }
    for (guint at = 0; at < idle->len; at++)
        hang_up(server, idle->pdata[at], "421 4.4.2 you are too slow\r\n");
}

static gpointer run(gpointer data) {
    LmtpServer *server = data;
    gint64 swept_at = clock_monotonic();
    while (g_atomic_int_get(&server->stopping) == 0) {
        struct epoll_event events[64];
        int count = epoll_wait(server->epoll, events, G_N_ELEMENTS(events), 500);
        for (int at = 0; at < count; at++)
            handle(server, &events[at]);
        if (clock_monotonic() - swept_at > 500) {
            drop_idle(server);
            swept_at = clock_monotonic();
        }
    }
    return NULL;
}

static void watch(LmtpServer *server, int handle_to_watch, guint64 id) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = id};
    epoll_ctl(server->epoll, EPOLL_CTL_ADD, handle_to_watch, &event);
}

LmtpServer *lmtp_server_new(const LmtpServerOptions *options, GError **error) {
    guint16 port = 0;
    int listener = lmtp_socket_listen(options->listen, &port, error);
    if (listener < 0)
        return NULL;
    LmtpServer *server = g_new0(LmtpServer, 1);
    server->options = *options;
    server->session_options = (LmtpOptions){
        .host = g_get_host_name(),
        .mail_limit = options->mail_limit,
        .recipients = 100,
        .knows = options->knows,
        .data = options->data,
    };
    server->listener = listener;
    server->port = port;
    server->path = options->listen[0] == '/' ? g_strdup(options->listen) : NULL;
    server->next_id = WAKE_ID + 1;
    server->answers = g_atomic_rc_box_new0(Answers);
    g_mutex_init(&server->answers->mutex);
    g_queue_init(&server->answers->answered);
    server->answers->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->connections =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)connection_free);
    watch(server, listener, LISTENER_ID);
    watch(server, server->answers->wake, WAKE_ID);
    server->thread = g_thread_new("lmtp", run, server);
    return server;
}

void lmtp_server_free(LmtpServer *server) {
    if (server == NULL)
        return;
    g_atomic_int_set(&server->stopping, 1);
    ring(server->answers);
    g_thread_join(server->thread);
    g_hash_table_unref(server->connections);
    if (server->path != NULL)
        unlink(server->path);
    g_free(server->path);
    close(server->listener);
    close(server->epoll);
    g_atomic_rc_box_release_full(server->answers, answers_clear);
    g_free(server);
}

guint16 lmtp_server_port(const LmtpServer *server) {
    return server->port;
}
