#include "net/smtp_tls.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

#define ANSWER_LIMIT 65536

struct SmtpTlsSession {
    SSL_CTX *context;
    char *host;
    long verdict; // X509_V_...
    gboolean is_done;
};

static X509_STORE *system_authorities(void) {
    static gsize once = 0;
    static X509_STORE *store;
    if (g_once_init_enter(&once)) {
        store = X509_STORE_new();
        X509_STORE_set_default_paths(store);
        g_once_init_leave(&once, 1);
    }
    return store;
}

static void ssl_name_server(SSL *ssl, const char *host) {
    guint8 address[16];
    gboolean is_address =
        inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    if (is_address) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    } else {
        SSL_set_tlsext_host_name(ssl, host);
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        SSL_set1_host(ssl, host);
    }
}

// libesmtp makes the SSL itself: the start of the handshake is the one moment to name the server.
static void tls_follow(const SSL *ssl, int where, int result) {
    SmtpTlsSession *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    (void)result;
    if ((where & SSL_CB_HANDSHAKE_START) != 0 && !tls->is_done)
        ssl_name_server((SSL *)(guintptr)ssl, tls->host);
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
        tls->is_done = TRUE;
    if (SSL_get_verify_result(ssl) != X509_V_OK)
        tls->verdict = SSL_get_verify_result(ssl);
}

static gboolean tls_load_authorities(SmtpTlsSession *tls, const char *ca_file, GError **error) {
    if (ca_file == NULL) {
        SSL_CTX_set1_cert_store(tls->context, system_authorities());
        return TRUE;
    }
    if (SSL_CTX_load_verify_locations(tls->context, ca_file, NULL) == 1)
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "ca_file_unreadable",
              "the file of certificate authorities cannot be read");
    return FALSE;
}

SmtpTlsSession *smtp_tls_new(const char *host, const char *ca_file, GError **error) {
    SmtpTlsSession *tls = g_new0(SmtpTlsSession, 1);
    tls->host = g_strdup(host);
    tls->verdict = X509_V_OK;
    tls->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_app_data(tls->context, tls);
    SSL_CTX_set_info_callback(tls->context, tls_follow);
    if (!tls_load_authorities(tls, ca_file, error)) {
        smtp_tls_free(tls);
        return NULL;
    }
    return tls;
}

void smtp_tls_free(SmtpTlsSession *tls) {
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    g_free(tls->host);
    g_free(tls);
}

SSL_CTX *smtp_tls_context(SmtpTlsSession *tls) {
    return tls->context;
}

gboolean smtp_tls_is_verified(const SmtpTlsSession *tls) {
    return tls->is_done && tls->verdict == X509_V_OK;
}

char *smtp_tls_failure(const SmtpTlsSession *tls) {
    if (tls->verdict == X509_V_OK)
        return NULL;
    return g_strdup_printf("the server's certificate is refused: %s",
                           X509_verify_cert_error_string(tls->verdict));
}

static gboolean ssl_wait(SSL *ssl, int result, gint64 deadline) {
    int want = SSL_get_error(ssl, result);
    struct pollfd wait = {.fd = SSL_get_fd(ssl)};
    gint64 left = deadline - clock_monotonic();
    if ((want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) || left <= 0)
        return FALSE;
    wait.events = want == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    return poll(&wait, 1, (int)MIN(left, G_MAXINT)) > 0;
}

// True when the text ends with the last line of a reply ("250 ...", not "250-...").
static gboolean answer_is_whole(const GString *answer) {
    if (answer->len == 0 || answer->str[answer->len - 1] != '\n')
        return FALSE;
    const char *line = g_strrstr_len(answer->str, (gssize)answer->len - 1, "\n");
    line = line != NULL ? line + 1 : answer->str;
    return strlen(line) >= 4 && line[3] != '-';
}

gboolean smtp_tls_settle(SSL *ssl, const char *hello, gint64 timeout_ms) {
    g_autofree char *command = g_strdup_printf("EHLO %s\r\n", hello);
    g_autoptr(GString) answer = g_string_new(NULL);
    gint64 deadline = clock_monotonic() + timeout_ms;
    char bytes[1024];
    int result;
    if (SSL_version(ssl) < TLS1_3_VERSION)
        return TRUE;
    while ((result = SSL_write(ssl, command, (int)strlen(command))) <= 0)
        if (!ssl_wait(ssl, result, deadline))
            return FALSE;
    while (!answer_is_whole(answer) && answer->len < ANSWER_LIMIT) {
        result = SSL_read(ssl, bytes, sizeof bytes);
        if (result > 0)
            g_string_append_len(answer, bytes, result);
        else if (!ssl_wait(ssl, result, deadline))
            return FALSE;
    }
    return answer->len < ANSWER_LIMIT;
}
