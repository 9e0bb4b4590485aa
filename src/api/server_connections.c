#include "api/server_connections.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>

#include "api/server_state.h"
#include "base/clock.h"
#include "base/log.h"

#define REAP_EVERY_MS 250
#define IDLE_MS 30000
#define CROWDED_HEAD_MS 2000
#define CROWDED_IDLE_MS 500
#define MIN_RATE 1024 // bytes a second of a body
#define RATE_GRACE_MS 10000
#define BODY_RATE (64 * 1024)   // what lengthens a large body's deadline
#define ANSWER_RATE (16 * 1024) // bytes a second that a reader must take
#define ANSWER_MS 30000
#define REFUSAL_LOGGED_EVERY 60000

struct Connections {
    GMutex mutex;
    GCond stop;
    GQueue open;           // of Connection
    GHashTable *addresses; // text -> count
    GPtrArray *proxies;    // of GInetAddressMask
    ServerOptions options;
    gint64 refusal_logged;
    gboolean is_ending;
    GThread *reaper;
};

static gpointer reap(gpointer data);

static GPtrArray *parse_proxies(const char *const *texts) {
    GPtrArray *proxies = g_ptr_array_new_with_free_func(g_object_unref);
    for (; texts != NULL && *texts != NULL; texts++) {
        GInetAddressMask *mask = g_inet_address_mask_new_from_string(*texts, NULL);
        if (mask != NULL)
            g_ptr_array_add(proxies, mask);
    }
    return proxies;
}

Connections *connections_new(const ServerOptions *options) {
    Connections *connections = g_new0(Connections, 1);
    g_mutex_init(&connections->mutex);
    g_cond_init(&connections->stop);
    g_queue_init(&connections->open);
    connections->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    connections->proxies = parse_proxies(options->proxies);
    connections->options = *options;
    connections->refusal_logged = -REFUSAL_LOGGED_EVERY;
    connections->reaper = g_thread_new("http-reaper", reap, connections);
    return connections;
}

void connections_free(Connections *connections) {
    g_mutex_lock(&connections->mutex);
    connections->is_ending = TRUE;
    g_cond_signal(&connections->stop);
    g_mutex_unlock(&connections->mutex);
    g_thread_join(connections->reaper);
    g_assert(connections->open.length == 0);
    g_hash_table_unref(connections->addresses);
    g_ptr_array_unref(connections->proxies);
    g_cond_clear(&connections->stop);
    g_mutex_clear(&connections->mutex);
    g_free(connections);
}

// IPv4 addresses within IPv6 are written as IPv4.
static char *address_text(const struct sockaddr *address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
            inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, text, sizeof text);
        else
            inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
    }
    return g_strdup(text);
}

guint connections_count(Connections *connections) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&connections->mutex);
    return connections->open.length;
}

gboolean connections_trusts(const Connections *connections, const char *address) {
    g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string(address);
    for (guint at = 0; parsed != NULL && at < connections->proxies->len; at++)
        if (g_inet_address_mask_matches(connections->proxies->pdata[at], parsed))
            return TRUE;
    return FALSE;
}

// Proxies bring many people over few addresses.
static gboolean is_limited(const Connections *connections, const char *address) {
    return address[0] != '\0' && !connections_trusts(connections, address);
}

static guint count_of(Connections *connections, const char *address) {
    return GPOINTER_TO_UINT(g_hash_table_lookup(connections->addresses, address));
}

static void change_count(Connections *connections, const char *address, int by) {
    guint count = (guint)((int)count_of(connections, address) + by);
    if (count == 0)
        g_hash_table_remove(connections->addresses, address);
    else
        g_hash_table_insert(connections->addresses, g_strdup(address), GUINT_TO_POINTER(count));
}

static void log_refusal(Connections *connections, const char *address) {
    gint64 now = clock_monotonic();
    if (now - connections->refusal_logged < REFUSAL_LOGGED_EVERY)
        return;
    connections->refusal_logged = now;
    log_event(LOG_WARNING, "connections_refused", "network", address, "why", "limit per address",
              NULL);
}

gboolean connections_accepts(Connections *connections, const struct sockaddr *address) {
    g_autofree char *text = address_text(address);
    if (!is_limited(connections, text))
        return TRUE;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&connections->mutex);
    if (count_of(connections, text) < connections->options.connections_per_address)
        return TRUE;
    server_count(SERVER_REFUSED);
    log_refusal(connections, text);
    return FALSE;
}

Connection *connections_add(Connections *connections, int fd, const struct sockaddr *address,
                            gboolean is_control) {
    Connection *connection = g_new0(Connection, 1);
    connection->owner = connections;
    connection->link.data = connection;
    connection->fd = fd;
    connection->is_control = is_control;
    connection->address = is_control || address == NULL ? g_strdup("") : address_text(address);
    connection->is_counted = is_limited(connections, connection->address);
    connection_enter(connection, PHASE_HEAD, 0);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&connections->mutex);
    if (connection->is_counted)
        change_count(connections, connection->address, 1);
    g_queue_push_tail_link(&connections->open, &connection->link);
    server_figure_connections((int)connections->open.length);
    return connection;
}

void connections_remove(Connection *connection) {
    Connections *connections = connection->owner;
    g_mutex_lock(&connections->mutex);
    g_queue_unlink(&connections->open, &connection->link);
    if (connection->is_counted)
        change_count(connections, connection->address, -1);
    g_mutex_unlock(&connections->mutex);
    g_free(connection->address);
    g_free(connection->target);
    g_free(connection);
}

void connection_enter(Connection *connection, Phase phase, gint64 bytes) {
    __atomic_store_n(&connection->bytes, bytes, __ATOMIC_RELAXED);
    __atomic_store_n(&connection->phase, clock_monotonic() << 3 | (gint64)phase, __ATOMIC_RELEASE);
}

void connection_count_bytes(Connection *connection, gsize length) {
    __atomic_fetch_add(&connection->bytes, (gint64)length, __ATOMIC_RELAXED);
}

static gboolean is_too_slow(const Connections *connections, const Connection *connection,
                            gint64 now, gboolean crowded) {
    const ServerOptions *options = &connections->options;
    gint64 mark = __atomic_load_n(&connection->phase, __ATOMIC_ACQUIRE);
    gint64 bytes = __atomic_load_n(&connection->bytes, __ATOMIC_RELAXED);
    gint64 age = now - (mark >> 3);
    switch ((Phase)(mark & 7)) {
    case PHASE_IDLE:
        return age > (crowded ? CROWDED_IDLE_MS : IDLE_MS);
    case PHASE_HEAD:
        return age > (crowded ? MIN(CROWDED_HEAD_MS, options->head_deadline_ms)
                              : options->head_deadline_ms);
    case PHASE_BODY:
        return age > MAX(options->body_deadline_ms, bytes * 1000 / BODY_RATE) ||
               (age > RATE_GRACE_MS && bytes * 1000 / age < MIN_RATE);
    case PHASE_ANSWER:
        return age > ANSWER_MS + bytes * 1000 / ANSWER_RATE;
    case PHASE_WORK:
    case PHASE_STREAM:
    default:
        return FALSE;
    }
}

// The descriptor is open as long as the connection is in the queue, so it cannot be another's.
static void cut(Connection *connection) {
    if (connection->is_cut)
        return;
    connection->is_cut = TRUE;
    shutdown(connection->fd, SHUT_RDWR);
}

void connection_cut(Connection *connection) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&connection->owner->mutex);
    cut(connection);
}

static void reap_once(Connections *connections) {
    gint64 now = clock_monotonic();
    gboolean crowded = connections->open.length > connections->options.connections_max / 4 * 3;
    for (GList *at = connections->open.head; at != NULL; at = at->next) {
        Connection *connection = at->data;
        if (connection->is_cut || !is_too_slow(connections, connection, now, crowded))
            continue;
        if ((__atomic_load_n(&connection->phase, __ATOMIC_RELAXED) & 7) != PHASE_IDLE)
            server_count(SERVER_CUT_SLOW);
        cut(connection);
    }
    server_figure_connections((int)connections->open.length);
}

static gpointer reap(gpointer data) {
    Connections *connections = data;
    g_mutex_lock(&connections->mutex);
    while (!connections->is_ending) {
        gint64 until = g_get_monotonic_time() + REAP_EVERY_MS * G_TIME_SPAN_MILLISECOND;
        g_cond_wait_until(&connections->stop, &connections->mutex, until);
        reap_once(connections);
    }
    g_mutex_unlock(&connections->mutex);
    return NULL;
}

void connections_cut_idle(Connections *connections) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&connections->mutex);
    for (GList *at = connections->open.head; at != NULL; at = at->next) {
        Connection *connection = at->data;
        Phase phase = (Phase)(__atomic_load_n(&connection->phase, __ATOMIC_ACQUIRE) & 7);
        if (phase == PHASE_IDLE || phase == PHASE_HEAD)
            cut(connection);
    }
}
