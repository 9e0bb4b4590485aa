// HTTP to providers: every request of every channel goes through one client with one thread (curl
// multi). Requests and answers are model/channel_kind.h's. Guards against being led to private
// addresses, bounds time and size, follows no redirect unless asked, never gives credentials to
// another host. Used by desk/ (outbox, pollers, media) and, over a Unix socket, by control/.
#pragma once

#include "model/channel_kind.h"

typedef struct HttpClient HttpClient;

// What one request may do. All zero is the strictest: https to public addresses, no redirect.
typedef struct {
    gboolean allow_private; // addresses that are not public (setting of the operator, never of a
                            // stranger)
    gboolean allow_http;    // without TLS
    guint redirects;        // how many to follow, GET only; headers are kept only within one origin
    gsize body_limit;       // bytes of answer body; 0: 1 MiB. More: no answer
    const char *ca_file;    // PEM to trust in place of the system's; NULL: the system's
} HttpPolicy;

// Called once on the client's thread; takes answer. Must be quick, may send again, must not wait.
typedef void (*HttpDone)(HttpAnswer *answer, gpointer data);

HttpClient *http_client_new(void) G_GNUC_WARN_UNUSED_RESULT;

// Ends what is running: its done is called with status 0, and so it is at once, on the caller's
// thread, for whatever is sent afterwards. Parts that wait for answers are freed between this and
// http_client_free. Not from the client's own thread.
void http_client_stop(HttpClient *client);

// Stops it first if need be.
void http_client_free(HttpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

// Takes request; policy is copied. Returns at once. Any thread. Without a time-out of its own a
// request has 30 s in all. A request that is not GET or HEAD and has no idempotency key goes over a
// connection of its own, because curl repeats by itself what a reused one lost (channels.md 0.6).
void http_client_send(HttpClient *client, HttpRequest *request, const HttpPolicy *policy,
                      HttpDone done, gpointer data);

// As http_client_send, and waits for the answer. Any thread but the client's. Never NULL.
HttpAnswer *http_client_send_wait(HttpClient *client, HttpRequest *request,
                                  const HttpPolicy *policy) G_GNUC_WARN_UNUSED_RESULT;

// One request over a Unix socket, on the calling thread; the URL's host is only a name. Bodies to
// 256 MiB. For dialogctl, which talks to a running server so. Takes request. Never NULL; status 0
// with failure when no server listens there.
HttpAnswer *http_client_call_local(const char *socket_path,
                                   HttpRequest *request) G_GNUC_WARN_UNUSED_RESULT;
