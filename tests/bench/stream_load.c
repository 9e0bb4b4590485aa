// Reads many event streams at once and checks that each brings every event in order.
// usage: stream_load PORT SINCE STREAMS TOKEN... (in turns). Prints "open" when all are; reads the
// last sequence from the standard input, waits for it up to 30 s, and prints
// "complete N gaps N bytes N".
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define LINE_KEPT 40
#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct {
    int fd;
    gint64 last;
    guint gaps;
    char line[LINE_KEPT + 1]; // the beginning of the present one
    gsize length;
    gboolean is_open; // its greeting has come
} Stream;

typedef struct {
    Stream *streams;
    guint count;
    guint open;
    gint64 bytes;
    gint64 end; // -1: not known yet
    int epoll;
} Load;

static int connect_to(guint16 port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        g_error("cannot connect to port %u: %s", port, g_strerror(errno));
    return fd;
}

// HTTP/1.0 is not chunked.
static void stream_begin(Load *load, Stream *stream, guint16 port, const char *token) {
    g_autofree char *request =
        g_strdup_printf("GET /api/v1/events?since=%" G_GINT64_FORMAT
                        " HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
                        stream->last, token);
    stream->fd = connect_to(port);
    if (write(stream->fd, request, strlen(request)) != (gssize)strlen(request))
        g_error("cannot ask: %s", g_strerror(errno));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, stream->fd, &event);
}

static void take_line(Load *load, Stream *stream) {
    if (strncmp(stream->line, ": dialogd", 9) == 0 && !stream->is_open) {
        stream->is_open = TRUE;
        load->open++;
    }
    if (strncmp(stream->line, "id: ", 4) != 0)
        return;
    gint64 seq = g_ascii_strtoll(stream->line + 4, NULL, 10);
    stream->gaps += seq != stream->last + 1;
    stream->last = seq;
}

static void take(Load *load, Stream *stream, const char *bytes, gsize length) {
    const char *end = bytes + length;
    load->bytes += (gint64)length;
    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (gsize)(end - bytes));
        gsize part = (gsize)((newline != NULL ? newline : end) - bytes);
        gsize kept = MIN(part, LINE_KEPT - stream->length);
        memcpy(stream->line + stream->length, bytes, kept);
        stream->length += kept;
        if (newline != NULL) {
            stream->line[stream->length] = '\0';
            take_line(load, stream);
            stream->length = 0;
        }
        bytes += part + 1;
    }
}

static void read_some(Load *load, Stream *stream) {
    static char buffer[65536];
    gssize length = read(stream->fd, buffer, sizeof buffer);
    if (length > 0) {
        take(load, stream, buffer, (gsize)length);
        return;
    }
    epoll_ctl(load->epoll, EPOLL_CTL_DEL, stream->fd, NULL);
    stream->gaps++; // it was cut off
}

static void read_end(Load *load) {
    char line[64];
    gssize length = read(STDIN_FILENO, line, sizeof line - 1);
    if (length > 0) {
        line[length] = '\0';
        load->end = g_ascii_strtoll(line, NULL, 10);
    } else {
        exit(1); // whoever measures is gone
    }
    epoll_ctl(load->epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
}

static guint complete(const Load *load) {
    guint count = 0;
    for (guint at = 0; at < load->count; at++)
        count += load->streams[at].last == load->end && load->streams[at].gaps == 0;
    return count;
}

static void wait_events(Load *load) {
    struct epoll_event events[64];
    int count = epoll_wait(load->epoll, events, G_N_ELEMENTS(events), 100);
    for (int at = 0; at < count; at++)
        if (events[at].data.ptr == NULL)
            read_end(load);
        else
            read_some(load, events[at].data.ptr);
}

static void run(Load *load) {
    gboolean has_said = FALSE;
    gint64 deadline = G_MAXINT64;
    while (g_get_monotonic_time() < deadline && (load->end < 0 || complete(load) < load->count)) {
        wait_events(load);
        if (load->open == load->count && !has_said) {
            puts("open");
            fflush(stdout);
            has_said = TRUE;
        }
        if (load->end >= 0 && deadline == G_MAXINT64)
            deadline = g_get_monotonic_time() + PATIENCE_US;
    }
}

int main(int argc, char **argv) {
    g_assert_cmpint(argc, >=, 5);
    Load load = {.count = (guint)strtoul(argv[3], NULL, 10), .end = -1, .epoll = epoll_create1(0)};
    load.streams = g_new0(Stream, load.count);
    struct epoll_event input = {.events = EPOLLIN};
    epoll_ctl(load.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    for (guint at = 0; at < load.count; at++) {
        load.streams[at].last = g_ascii_strtoll(argv[2], NULL, 10);
        stream_begin(&load, &load.streams[at], (guint16)strtoul(argv[1], NULL, 10),
                     argv[4 + (int)at % (argc - 4)]);
    }
    run(&load);
    guint gaps = 0;
    for (guint at = 0; at < load.count; at++)
        gaps += load.streams[at].gaps;
    printf("complete %u gaps %u bytes %" G_GINT64_FORMAT "\n", complete(&load), gaps, load.bytes);
    return 0;
}
