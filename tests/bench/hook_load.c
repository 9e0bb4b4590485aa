// A load generator for web hooks: keeps as many connections busy as asked for with Telegram
// updates, each a new message of 1 KiB of one of 5,000 customers, and counts what was acknowledged.
// usage: hook_load PORT PATH TOKEN CONNECTIONS SECONDS [FIRST]
// Prints: acknowledged seconds p50_ms p99_ms max_ms refused
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench_text.h"

#define TEXT_BYTES 1024
#define TEXTS 512
#define CUSTOMERS 5000
#define ANSWER_BYTES 4096

typedef struct {
    int fd;
    gint64 sent_at;
    char answer[ANSWER_BYTES];
    gsize length;
} Connection;

typedef struct {
    const char *path;
    const char *token;
    char *texts[TEXTS];
    guint next;
    GArray *latencies; // of gint64, microseconds
    guint refused;
} Load;

static int connect_to(guint16 port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        g_error("cannot connect to port %u: %s", port, g_strerror(errno));
    return fd;
}

static char *update_make(Load *load) {
    guint number = load->next++;
    guint customer = (number * 2654435761U) % CUSTOMERS;
    return g_strdup_printf(
        "{\"update_id\":%u,\"message\":{\"message_id\":%u,\"from\":{\"id\":71002%05u,\"is_bot\":"
        "false,\"first_name\":\"Aino\",\"last_name\":\"Nro %u\",\"language_code\":\"fi\"},\"chat\":"
        "{\"id\":71002%05u,\"first_name\":\"Aino\",\"type\":\"private\"},\"date\":%" G_GINT64_FORMAT
        ",\"text\":\"%s\"}}",
        number, number, customer, customer, customer, g_get_real_time() / G_USEC_PER_SEC,
        load->texts[number % TEXTS]);
}

static void send_next(Load *load, Connection *connection) {
    g_autofree char *body = update_make(load);
    g_autofree char *request =
        g_strdup_printf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "X-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %zu\r\n\r\n%s",
                        load->path, load->token, strlen(body), body);
    gsize length = strlen(request);
    connection->length = 0;
    connection->sent_at = g_get_monotonic_time();
    for (gsize done = 0; done < length;) {
        ssize_t written = write(connection->fd, request + done, length - done);
        if (written <= 0)
            g_error("the server closed a connection");
        done += (gsize)written;
    }
}

// TRUE when the answer is whole.
static gboolean take_answer(Load *load, Connection *connection) {
    ssize_t got = read(connection->fd, connection->answer + connection->length,
                       ANSWER_BYTES - 1 - connection->length);
    if (got <= 0)
        g_error("the server closed a connection");
    connection->length += (gsize)got;
    connection->answer[connection->length] = '\0';
    const char *head_end = strstr(connection->answer, "\r\n\r\n");
    if (head_end == NULL)
        return FALSE;
    const char *field = strcasestr(connection->answer, "content-length:");
    gsize body = field != NULL ? strtoul(field + 15, NULL, 10) : 0;
    if (connection->length < (gsize)(head_end - connection->answer) + 4 + body)
        return FALSE;
    gint64 took = g_get_monotonic_time() - connection->sent_at;
    if (strncmp(connection->answer, "HTTP/1.1 200", 12) == 0)
        g_array_append_val(load->latencies, took);
    else
        load->refused++;
    return TRUE;
}

static gint compare(gconstpointer a, gconstpointer b) {
    gint64 left = *(const gint64 *)a;
    gint64 right = *(const gint64 *)b;
    return left < right ? -1 : left > right;
}

static double quantile(const GArray *sorted, double q) {
    if (sorted->len == 0)
        return 0;
    guint at = (guint)(q * (sorted->len - 1));
    return (double)g_array_index(sorted, gint64, at) / 1000;
}

static void run(Load *load, Connection *connections, guint count, double seconds) {
    int poll = epoll_create1(0);
    for (guint at = 0; at < count; at++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[at]};
        epoll_ctl(poll, EPOLL_CTL_ADD, connections[at].fd, &event);
        send_next(load, &connections[at]);
    }
    gint64 end = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
    while (g_get_monotonic_time() < end) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, 1000);
        for (int at = 0; at < ready; at++)
            if (take_answer(load, events[at].data.ptr))
                send_next(load, events[at].data.ptr);
    }
    close(poll);
}

int main(int argc, char **argv) {
    if (argc < 6)
        g_error("usage: hook_load PORT PATH TOKEN CONNECTIONS SECONDS [FIRST]");
    guint count = (guint)strtoul(argv[4], NULL, 10);
    double seconds = g_ascii_strtod(argv[5], NULL);
    Load load = {.path = argv[2],
                 .token = argv[3],
                 .next = argc > 6 ? (guint)strtoul(argv[6], NULL, 10) : 1,
                 .latencies = g_array_new(FALSE, FALSE, sizeof(gint64))};
    for (guint at = 0; at < TEXTS; at++)
        load.texts[at] = bench_text(at, TEXT_BYTES);
    Connection *connections = g_new0(Connection, count);
    for (guint at = 0; at < count; at++)
        connections[at].fd = connect_to((guint16)strtoul(argv[1], NULL, 10));
    gint64 start = g_get_monotonic_time();
    run(&load, connections, count, seconds);
    double took = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    g_array_sort(load.latencies, compare);
    printf("%u %.3f %.2f %.2f %.2f %u\n", load.latencies->len, took, quantile(load.latencies, 0.5),
           quantile(load.latencies, 0.99), quantile(load.latencies, 1), load.refused);
    return 0;
}
