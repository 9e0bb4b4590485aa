#include "net/mail_curl.h"

#include <string.h>

#include "base/error.h"
#include "net/curl_guard.h"

char *mail_curl_url(const MailAccount *account, const char *scheme, const char *path) {
    gboolean is_number6 = strchr(account->host, ':') != NULL;
    return g_strdup_printf("%s%s://%s%s%s:%u/%s", scheme,
                           account->tls == MAIL_TLS_IMPLICIT ? "s" : "", is_number6 ? "[" : "",
                           account->host, is_number6 ? "]" : "", account->port, path);
}

// A host name goes into a URL: nothing else may hide in it.
static gboolean host_is_plain(const char *host) {
    return *host != '\0' && strlen(host) < 254 &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:_") ==
               strlen(host);
}

static gboolean set_credentials(CURL *curl, const MailAccount *account, GError **error) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, account->user);
    curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, account->login_options);
    if (account->token == NULL) {
        curl_easy_setopt(curl, CURLOPT_PASSWORD, account->password);
        return TRUE;
    }
    g_autofree char *bearer = oauth_token_get(account->token, error);
    if (bearer == NULL)
        return FALSE;
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, bearer);
    explicit_bzero(bearer, strlen(bearer));
    return TRUE;
}

// Called at least once a second.
static int check_stopping(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    const gint *stopping = data;
    return g_atomic_int_get(stopping) != 0;
}

static void set_stopping(CURL *curl, const gint *stopping) {
    if (stopping == NULL)
        return;
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stopping);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, stopping);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

CURL *mail_curl_new(const MailAccount *account, const char *scheme, GError **error) {
    if (!host_is_plain(account->host)) {
        error_set(error, ERROR_INVALID, "mail_host", "The mail server's name is not a host name.");
        return NULL;
    }
    g_autofree char *url = mail_curl_url(account, scheme, "");
    g_autofree char *protocols = g_strdup_printf("%s,%ss", scheme, scheme);
    CurlGuard *guard = g_new0(CurlGuard, 1);
    guard->allow_private = account->allow_private;
    CURL *curl = curl_easy_init();
    curl_guard_apply(curl, guard);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, guard);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 15000L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(account->tls == MAIL_TLS_START ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set_stopping(curl, account->stopping);
    if (account->authorities != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, account->authorities);
    if (!set_credentials(curl, account, error))
        g_clear_pointer(&curl, mail_curl_free);
    return curl;
}

void mail_curl_free(CURL *curl) {
    if (curl == NULL)
        return;
    CurlGuard *guard = NULL;
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &guard);
    curl_easy_cleanup(curl);
    g_free(guard);
}

static const struct {
    CURLcode code;
    ErrorKind kind;
    const char *word;
    const char *text;
} failures[] = {
    {CURLE_LOGIN_DENIED, ERROR_UNAUTHENTICATED, "mail_sign_in",
     "refused the user name, password or token: sign in again"},
    {CURLE_PEER_FAILED_VERIFICATION, ERROR_UPSTREAM, "mail_certificate",
     "has a certificate that is expired, of another name, or of an unknown authority"},
    {CURLE_SSL_CONNECT_ERROR, ERROR_UPSTREAM, "mail_tls",
     "does not speak TLS on this port: check port and tls setting"},
    {CURLE_USE_SSL_FAILED, ERROR_UPSTREAM, "mail_tls",
     "does not offer STARTTLS, and without it the password would go in clear"},
    {CURLE_OPERATION_TIMEDOUT, ERROR_UPSTREAM, "mail_server_silent", "did not answer in time"},
    {CURLE_ABORTED_BY_CALLBACK, ERROR_UNAVAILABLE, "stopping", "is left, dialogd is stopping"},
    {CURLE_COULDNT_RESOLVE_HOST, ERROR_UPSTREAM, "mail_host_unknown",
     "has a name that does not resolve"},
    {CURLE_COULDNT_CONNECT, ERROR_UPSTREAM, "mail_connect", "takes no connection on this port"},
};

// What a server says when it cannot tell now whether a sign-in is good: RFC 5530, RFC 3206, RFC
// 2449.
static const char *const busy_codes[] = {"[UNAVAILABLE]", "[INUSE]", "[SYS/TEMP]", "[LOGIN-DELAY]",
                                         "[IN-USE]"};

// Looks at the server's lines. libcurl tells them only so.
static int watch_line(CURL *curl, curl_infotype type, char *data, size_t size, void *client) {
    gboolean *is_busy = client;
    (void)curl;
    if (type != CURLINFO_HEADER_IN)
        return 0;
    for (gsize at = 0; at < G_N_ELEMENTS(busy_codes); at++)
        if (g_strstr_len(data, (gssize)size, busy_codes[at]) != NULL)
            *is_busy = TRUE;
    return 0;
}

static CURLcode perform(CURL *curl, gboolean *is_busy) {
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch_line);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, is_busy);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);
    return code;
}

gboolean mail_curl_perform(CURL *curl, const MailAccount *account, GError **error) {
    gboolean is_busy = FALSE;
    CURLcode code = perform(curl, &is_busy);
    if (code == CURLE_OK)
        return TRUE;
    if (code == CURLE_LOGIN_DENIED && is_busy) {
        error_set(error, ERROR_UPSTREAM, "mail_sign_in_busy",
                  "The mail server %s:%u cannot check the sign-in now.", account->host,
                  account->port);
        return FALSE;
    }
    CurlGuard *guard = NULL;
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &guard);
    if (guard->refused[0] != '\0') {
        error_set(error, ERROR_DENIED, "mail_address",
                  "The mail server %s is at a private address; allow_private permits that.",
                  account->host);
        return FALSE;
    }
    if (code == CURLE_LOGIN_DENIED && account->token != NULL)
        oauth_token_expire(account->token);
    for (gsize at = 0; at < G_N_ELEMENTS(failures); at++)
        if (failures[at].code == code) {
            error_set(error, failures[at].kind, failures[at].word, "The mail server %s:%u %s.",
                      account->host, account->port, failures[at].text);
            return FALSE;
        }
    error_set(error, ERROR_UPSTREAM, "mail_server", "The mail server %s:%u failed: %s.",
              account->host, account->port, curl_easy_strerror(code));
    return FALSE;
}
