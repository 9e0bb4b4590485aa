#include "net/lmtp_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "conf/listen.h"
#include "net/address_policy.h"

#define BACKLOG 128

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
} Address;

static int fail(const char *listen, int handle, GError **error) {
    error_set(error, ERROR_UNAVAILABLE, "lmtp_listen", "Cannot take mail at %s: %s.", listen,
              g_strerror(errno));
    if (handle >= 0)
        close(handle);
    return -1;
}

static gboolean parse_number(const char *listen, Address *address, socklen_t *length) {
    g_autofree char *host = NULL;
    guint16 port = 0;
    if (!listen_parse(listen, &host, &port))
        return FALSE;
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(port);
        *length = sizeof address->v4;
    } else if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(port);
        *length = sizeof address->v6;
    } else
        return FALSE;
    return address_is_loopback(&address->any);
}

static gboolean parse_path(const char *listen, Address *address, socklen_t *length) {
    if (*listen != '/' || strlen(listen) >= sizeof address->path.sun_path)
        return FALSE;
    memset(address, 0, sizeof *address);
    address->path.sun_family = AF_UNIX;
    memcpy(address->path.sun_path, listen, strlen(listen) + 1);
    *length = sizeof address->path;
    return TRUE;
}

static guint16 port_of(int handle) {
    Address address;
    socklen_t length = sizeof address;
    if (getsockname(handle, &address.any, &length) != 0)
        return 0;
    if (address.any.sa_family == AF_INET)
        return ntohs(address.v4.sin_port);
    return address.any.sa_family == AF_INET6 ? ntohs(address.v6.sin6_port) : 0;
}

int lmtp_socket_listen(const char *listen_at, guint16 *port, GError **error) {
    Address address;
    socklen_t length = 0;
    gboolean is_path = parse_path(listen_at, &address, &length);
    int on = 1;
    if (!is_path && !parse_number(listen_at, &address, &length)) {
        error_set(error, ERROR_INVALID, "lmtp_listen",
                  "lmtp_listen must be a path or a loopback address with a port, not %s.",
                  listen_at);
        return -1;
    }
    int handle = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle < 0)
        return fail(listen_at, handle, error);
    if (is_path)
        unlink(listen_at);
    else if (setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return fail(listen_at, handle, error);
    if (bind(handle, &address.any, length) != 0 || (is_path && chmod(listen_at, 0660) != 0) ||
        listen(handle, BACKLOG) != 0)
        return fail(listen_at, handle, error);
    *port = port_of(handle);
    return handle;
}
