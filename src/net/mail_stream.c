#include "net/mail_stream.h"

#include <curl/curl.h>
#include <poll.h>

#include "base/error.h"
#include "net/mail_curl.h"

const MailStreamLimits mail_stream_limits = {
    .connect_ms = 30000,
    .silence_ms = 60000,
    .drip_ms = 30000,
    .drip_bytes = 3000,
};

struct MailStream {
    CURL *curl;
    MailStreamLimits limits;
    curl_socket_t socket;
    const gint *stopping;
    gint64 waited_ms;  // since expect or the last full window
    gsize bytes;       // that came in that time
    gboolean is_begun; // a byte of the answer has come
};

MailStream *mail_stream_open(const MailAccount *account, const MailStreamLimits *limits,
                             GError **error) {
    g_autoptr(MailStream) stream = g_new0(MailStream, 1);
    stream->limits = limits != NULL ? *limits : mail_stream_limits;
    stream->stopping = account->stopping;
    stream->curl = mail_curl_new(account, "imap", error);
    if (stream->curl == NULL)
        return NULL;
    curl_easy_setopt(stream->curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(stream->curl, CURLOPT_TIMEOUT_MS, (long)stream->limits.connect_ms);
    if (!mail_curl_perform(stream->curl, account, error))
        return NULL;
    curl_easy_getinfo(stream->curl, CURLINFO_ACTIVESOCKET, &stream->socket);
    return g_steal_pointer(&stream);
}

void mail_stream_free(MailStream *stream) {
    if (stream == NULL)
        return;
    mail_curl_free(stream->curl);
    g_free(stream);
}

int mail_stream_socket(const MailStream *stream) {
    return stream->socket;
}

void mail_stream_expect(MailStream *stream) {
    stream->waited_ms = 0;
    stream->bytes = 0;
    stream->is_begun = FALSE;
}

static gboolean fail(GError **error, const char *what) {
    error_set(error, ERROR_UPSTREAM, "mail_server_lost", "The mail server %s.", what);
    return FALSE;
}

static gboolean is_stopping(const MailStream *stream) {
    return stream->stopping != NULL && g_atomic_int_get(stream->stopping) != 0;
}

// Waits for the socket, at most a second, so that a stop is seen. FALSE when left_ms is over.
static gboolean wait_socket(MailStream *stream, short events, gint64 left_ms) {
    struct pollfd poller = {.fd = stream->socket, .events = events};
    gint64 start = clock_monotonic();
    int ready = poll(&poller, 1, (int)CLAMP(left_ms, 0, 1000));
    stream->waited_ms += clock_monotonic() - start;
    return ready != 0 || left_ms > 1000;
}

gboolean mail_stream_send(MailStream *stream, const void *bytes, gsize length, GError **error) {
    gint64 until = clock_monotonic() + stream->limits.silence_ms;
    for (gsize sent = 0; sent < length;) {
        size_t now = 0;
        CURLcode code =
            curl_easy_send(stream->curl, (const char *)bytes + sent, length - sent, &now);
        if (code == CURLE_AGAIN) {
            if (clock_monotonic() >= until || is_stopping(stream) ||
                !wait_socket(stream, POLLOUT, until - clock_monotonic()))
                return fail(error, "takes no more bytes");
        } else if (code != CURLE_OK)
            return fail(error, "closed the connection");
        if (now > 0)
            until = clock_monotonic() + stream->limits.silence_ms;
        sent += now;
    }
    mail_stream_expect(stream);
    return TRUE;
}

gsize mail_stream_receive_now(MailStream *stream, void *buffer, gsize size, gboolean *closed) {
    size_t length = 0;
    CURLcode code = curl_easy_recv(stream->curl, buffer, size, &length);
    *closed = code != CURLE_AGAIN && (code != CURLE_OK || length == 0);
    return code == CURLE_OK ? length : 0;
}

// Judges the pace so far: FALSE with an error when the server is silent or drips.
static gboolean check_pace(MailStream *stream, GError **error) {
    if (!stream->is_begun && stream->waited_ms >= stream->limits.silence_ms)
        return fail(error, "does not answer");
    if (!stream->is_begun || stream->waited_ms < stream->limits.drip_ms)
        return TRUE;
    if (stream->bytes < stream->limits.drip_bytes)
        return fail(error, "answers too slowly");
    stream->waited_ms = 0;
    stream->bytes = 0;
    return TRUE;
}

gsize mail_stream_receive(MailStream *stream, void *buffer, gsize size, GError **error) {
    for (;;) {
        gboolean closed = FALSE;
        gsize length = mail_stream_receive_now(stream, buffer, size, &closed);
        if (closed)
            return fail(error, "closed the connection"), 0;
        if (is_stopping(stream))
            return fail(error, "is left: dialogd is stopping"), 0;
        if (!check_pace(stream, error))
            return 0;
        if (length > 0) {
            if (!stream->is_begun)
                stream->waited_ms = 0;
            stream->is_begun = TRUE;
            stream->bytes += length;
            return length;
        }
        gint64 limit = stream->is_begun ? stream->limits.drip_ms : stream->limits.silence_ms;
        wait_socket(stream, POLLIN, limit - stream->waited_ms);
    }
}
