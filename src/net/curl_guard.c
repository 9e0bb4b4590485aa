#include "net/curl_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "net/address_policy.h"

static gboolean guard_allows(CurlGuard *guard, const struct sockaddr *address) {
    if (guard->only_loopback ? address_is_loopback(address)
                             : guard->allow_private || address_is_public(address))
        return TRUE;
    g_autofree char *text = address_format(address);
    g_strlcpy(guard->refused, text, sizeof guard->refused);
    return FALSE;
}

static curl_socket_t guard_open_socket(void *data, curlsocktype purpose,
                                       struct curl_sockaddr *address) {
    (void)purpose;
    if (!guard_allows(data, &address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A connection from the cache was opened under another handle's guard.
static int guard_before_request(void *data, char *remote, char *local, int remote_port,
                                int local_port) {
    (void)local;
    (void)remote_port;
    (void)local_port;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    gboolean allowed = FALSE;
    if (inet_pton(AF_INET, remote, &v4.sin_addr) == 1)
        allowed = guard_allows(data, (const struct sockaddr *)&v4);
    else if (inet_pton(AF_INET6, remote, &v6.sin6_addr) == 1)
        allowed = guard_allows(data, (const struct sockaddr *)&v6);
    return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

void curl_guard_apply(CURL *easy, CurlGuard *guard) {
    guard->refused[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, guard_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, guard);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, guard_before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, guard);
    // A proxy would connect in our place, to wherever it is told.
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
}
