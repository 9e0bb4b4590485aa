// The listening sockets.
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/server_state.h"
#include "base/error.h"
#include "conf/listen.h"

#define BACKLOG 1024
#define UNSENT_MAX (128 * 1024) // bytes that the kernel keeps for a reader that does not read

static int fail(const char *where, int fd, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, "listen_failed", "cannot listen on %s: %s", where,
              g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static guint port_of(int fd) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char port[16] = "0";
    if (getsockname(fd, (struct sockaddr *)&address, &length) == 0)
        getnameinfo((struct sockaddr *)&address, length, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV);
    return (guint)g_ascii_strtoull(port, NULL, 10);
}

static int listen_at(const struct addrinfo *address, const char *where, GError **error) {
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    int unsent = UNSENT_MAX; // connections inherit it
    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0)
        return fail(where, fd, error);
    return fd;
}

int server_socket_listen(const char *where, guint *port, GError **error) {
    g_autofree char *host = NULL;
    guint16 wanted = 0;
    if (!listen_parse(where, &host, &wanted)) {
        error_set(error, ERROR_INVALID, "listen_invalid", "%s is no address to listen on", where);
        return -1;
    }
    char service[8];
    g_snprintf(service, sizeof service, "%u", wanted);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return fail(where, -1, error);
    int fd = listen_at(found, where, error);
    freeaddrinfo(found);
    if (fd >= 0)
        *port = port_of(fd);
    return fd;
}

// A socket of that name is a dead server's: the caller holds the lock of the data directory.
int server_socket_listen_local(const char *path, GError **error) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        error_set(error, ERROR_UNAVAILABLE, "listen_failed",
                  "the path of the data directory is too long for a socket: %s", path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    gboolean bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    umask(before);
    if (!bound || chmod(path, 0600) != 0 || listen(fd, BACKLOG) != 0)
        return fail(path, fd, error);
    return fd;
}
