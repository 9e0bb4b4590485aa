#include <curl/curl.h>
#include <string.h>

#include "net/curl_guard.h"
#include "net/smtp_transport.h"

// Where the conversation stands: the command whose answer comes next.
typedef enum { STEP_OTHER, STEP_AUTH, STEP_MAIL, STEP_RCPT, STEP_DATA, STEP_BODY, STEP_QUIT } Step;

typedef struct {
    SmtpTrace *trace;
    GBytes *wire;
    gsize position; // bytes of wire that curl has taken
    Step step;
    gsize recipient; // whose RCPT was said last, from 1
    gboolean must_sign_in;
    gboolean is_signed_in;
    CurlGuard guard;
    char message[CURL_ERROR_SIZE];
} Session;

static size_t session_read(char *buffer, size_t size, size_t count, void *data) {
    Session *session = data;
    gsize length;
    const char *bytes = g_bytes_get_data(session->wire, &length);
    gsize part = MIN(size * count, length - session->position);
    if (part > 0)
        memcpy(buffer, bytes + session->position, part);
    session->position += part;
    if (session->position == length)
        session->trace->is_handed_over = TRUE; // curl adds the dot from here on
    session->step = STEP_BODY;
    return part;
}

static void session_say(Session *session, const char *line, gsize length) {
    static const struct {
        const char *verb;
        Step step;
    } verbs[] = {{"AUTH", STEP_AUTH}, {"MAIL", STEP_MAIL}, {"RCPT", STEP_RCPT},
                 {"DATA", STEP_DATA}, {"QUIT", STEP_QUIT}, {"EHLO", STEP_OTHER}};
    for (gsize at = 0; at < G_N_ELEMENTS(verbs); at++)
        if (length >= 4 && g_ascii_strncasecmp(line, verbs[at].verb, 4) == 0) {
            session->step = verbs[at].step;
            session->recipient += session->step == STEP_RCPT;
        }
}

static SmtpReply *session_reply(Session *session) {
    SmtpTrace *trace = session->trace;
    switch (session->step) {
    case STEP_AUTH:
        return &trace->auth;
    case STEP_MAIL:
        return &trace->sender;
    case STEP_RCPT:
        return session->recipient <= trace->count ? &trace->recipients[session->recipient - 1]
                                                  : NULL;
    case STEP_DATA:
        return &trace->data;
    case STEP_BODY:
        return &trace->message;
    case STEP_OTHER:
    case STEP_QUIT:
        return NULL;
    }
    return NULL;
}

static void session_hear(Session *session, const char *line, gsize length) {
    SmtpReply *reply = session_reply(session);
    if (reply == NULL || (length > 3 && line[3] == '-')) // only the last line of an answer counts
        return;
    smtp_reply_parse(line, length, reply);
    if (session->step == STEP_AUTH && session->trace->auth.code == 235)
        session->is_signed_in = TRUE;
    if (session->step == STEP_AUTH && session->trace->auth.code < 400)
        smtp_reply_clear(&session->trace->auth);
    if (session->step == STEP_DATA && session->trace->data.code < 400)
        session->step = STEP_BODY;
}

static int session_follow(CURL *easy, curl_infotype type, char *bytes, size_t length, void *data) {
    (void)easy;
    if (type == CURLINFO_HEADER_OUT)
        session_say(data, bytes, length);
    else if (type == CURLINFO_HEADER_IN)
        session_hear(data, bytes, length);
    return 0;
}

// Before MAIL: curl goes on without a sign-in where the server offers none.
static int session_may_begin(void *data, char *remote, char *local, int remote_port,
                             int local_port) {
    Session *session = data;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (!session->must_sign_in || session->is_signed_in)
        return CURL_PREREQFUNC_OK;
    session->trace->lacks_auth = TRUE;
    return CURL_PREREQFUNC_ABORT;
}

static void session_set_account(CURL *easy, const SmtpAccount *account, gboolean is_loopback) {
    g_autofree char *url = g_strdup_printf(
        "%s://%s:%u/%s", account->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp", account->host,
        account->port, account->hello != NULL ? account->hello : g_get_host_name());
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (account->tls == SMTP_TLS_STARTTLS)
        curl_easy_setopt(easy, CURLOPT_USE_SSL,
                         (long)(is_loopback ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (account->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, account->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (account->user == NULL)
        return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, account->user);
    curl_easy_setopt(easy, CURLOPT_SASL_IR, 1L);
    if (account->bearer != NULL) {
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, account->bearer);
        curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
    } else {
        curl_easy_setopt(easy, CURLOPT_PASSWORD, account->password);
    }
}

static void session_set_limits(CURL *easy, gint64 timeout) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)SMTP_TIMEOUT_CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)SMTP_SESSION_LIMIT_MS);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     (long)((timeout > 0 ? timeout : SMTP_TIMEOUT_FINAL_MS) + 999) / 1000);
}

static void session_set_callbacks(Session *session, CURL *easy) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, session_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, session);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, session_follow);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, session);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, session->message);
    curl_guard_apply(easy, &session->guard);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, session_may_begin); // no connection is reused
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, session);
}

static struct curl_slist *session_set_envelope(CURL *easy, const SmtpEnvelope *envelope) {
    struct curl_slist *recipients = NULL;
    for (gsize at = 0; envelope->recipients[at] != NULL; at++)
        recipients = curl_slist_append(recipients, envelope->recipients[at]);
    g_autofree char *sender =
        g_strdup_printf("<%s>", envelope->sender != NULL ? envelope->sender : "");
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    return recipients;
}

static void session_explain(Session *session, CURLcode result) {
    const char *words = session->message[0] != '\0' ? session->message : curl_easy_strerror(result);
    if (session->trace->auth.code == 0 && result == CURLE_LOGIN_DENIED)
        session->trace->lacks_auth = TRUE;
    if (session->guard.refused[0] != '\0')
        session->trace->failure =
            g_strdup_printf("the host's address %s is not allowed", session->guard.refused);
    else
        session->trace->failure = g_strdelimit(g_strdup(words), "\r\n", ' ');
}

SmtpTrace *smtp_curl_send(const SmtpAccount *account, const SmtpEnvelope *envelope, GBytes *wire,
                          gboolean is_loopback) {
    CURL *easy = curl_easy_init();
    g_assert(easy != NULL);
    Session session = {.wire = wire, .must_sign_in = account->user != NULL};
    session.trace =
        smtp_trace_new("libcurl", g_strv_length((char **)(guintptr)envelope->recipients));
    session.guard.allow_private = account->allow_private;
    session.guard.only_loopback = is_loopback;
    session_set_account(easy, account, is_loopback);
    session_set_limits(easy, account->timeout_ms);
    session_set_callbacks(&session, easy);
    struct curl_slist *recipients = session_set_envelope(easy, envelope);
    CURLcode result = curl_easy_perform(easy);
    if (result != CURLE_OK && session.trace->message.code == 0)
        session_explain(&session, result);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(easy);
    return session.trace;
}
