#include "net/smtp_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "net/address_policy.h"

static _Thread_local SmtpSocket *watched;

static int connect_plainly(int socket, const struct sockaddr *address, socklen_t length) {
    return (int)syscall(SYS_connect, socket, address, length);
}

static gboolean rules_allow(SmtpSocket *rules, const struct sockaddr *address) {
    gboolean is_allowed = rules->only_loopback ? address_is_loopback(address)
                                               : rules->allow_private || address_is_public(address);
    if (!is_allowed) {
        g_autofree char *text = address_format(address);
        g_strlcpy(rules->refused, text, sizeof rules->refused);
    }
    return is_allowed;
}

static int wait_connected(int socket, gint64 timeout_ms) {
    struct pollfd wait = {.fd = socket, .events = POLLOUT};
    int failure = 0;
    socklen_t size = sizeof failure;
    int ready;
    do
        ready = poll(&wait, 1, (int)MIN(timeout_ms, G_MAXINT));
    while (ready < 0 && errno == EINTR);
    if (ready == 0)
        failure = ETIMEDOUT;
    else if (ready < 0 || getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) < 0)
        failure = errno;
    errno = failure;
    return failure == 0 ? 0 : -1;
}

static int connect_watched(SmtpSocket *rules, int socket, const struct sockaddr *address,
                           socklen_t length) {
    if (!rules_allow(rules, address)) {
        errno = EACCES;
        return -1;
    }
    int flags = fcntl(socket, F_GETFL);
    fcntl(socket, F_SETFL, flags | O_NONBLOCK);
    int result = connect_plainly(socket, address, length);
    if (result < 0 && errno == EINPROGRESS)
        result = wait_connected(socket, rules->timeout_ms);
    int failure = errno;
    fcntl(socket, F_SETFL, flags);
    if (result == 0) {
        if (rules->copy >= 0)
            close(rules->copy);
        g_atomic_int_set(&rules->copy, fcntl(socket, F_DUPFD_CLOEXEC, 0));
    }
    errno = failure;
    return result;
}

// Takes the place of libc's connect for the whole program, its libraries included. Named by its
// label, because glibc declares connect with a type of its own.
int connect_for_all(int socket, const struct sockaddr *address,
                    socklen_t length) __asm__("connect");

int connect_for_all(int socket, const struct sockaddr *address, socklen_t length) {
    if (watched == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
        return connect_plainly(socket, address, length);
    return connect_watched(watched, socket, address, length);
}

void smtp_socket_watch(SmtpSocket *rules) {
    rules->copy = -1;
    rules->refused[0] = '\0';
    watched = rules;
}

void smtp_socket_unwatch(SmtpSocket *rules) {
    watched = NULL;
    if (rules->copy >= 0)
        close(rules->copy);
    rules->copy = -1;
}

void smtp_socket_break(SmtpSocket *rules) {
    int copy = g_atomic_int_get(&rules->copy);
    if (copy >= 0)
        shutdown(copy, SHUT_RDWR);
}

gboolean smtp_socket_is_dead(const SmtpSocket *rules) {
    struct pollfd look = {.fd = rules->copy, .events = POLLOUT | POLLRDHUP};
    if (rules->copy < 0)
        return TRUE;
    return poll(&look, 1, 0) > 0 &&
           (look.revents & (POLLERR | POLLHUP | POLLRDHUP | POLLNVAL)) != 0;
}
