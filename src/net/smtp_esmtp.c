#include <openssl/ssl.h>
// libesmtp.h declares less without the two before it.
#include <auth-client.h>
#include <errno.h>
#include <libesmtp.h>
#include <string.h>

#include "net/smtp_socket.h"
#include "net/smtp_tls.h"
#include "net/smtp_transport.h"
#include "net/smtp_watchdog.h"

typedef struct {
    const SmtpAccount *account;
    const char *hello;
    SmtpTrace *trace;
    SmtpTlsSession *tls;
    SmtpSocket socket;
    GBytes *wire;
    gboolean is_taken;     // libesmtp asked for more and was told that this is all
    gboolean is_connected; // at least once
    gboolean is_signing_in;
    gboolean is_signed_in;
    gboolean is_replied; // the reply after the final dot (or to DATA) is there
} Session;

static const char *session_read(void **context, int *length, void *data) {
    Session *session = data;
    (void)context;
    if (length == NULL) { // rewind
        session->is_taken = FALSE;
        return NULL;
    }
    gsize size = 0;
    const char *bytes = g_bytes_get_data(session->wire, &size);
    // Asked for more than all, it sends the dot next; it does not notice by itself that the
    // connection broke before.
    if (session->is_taken)
        session->trace->is_handed_over = !smtp_socket_is_dead(&session->socket);
    *length = session->is_taken ? 0 : (int)size;
    session->is_taken = TRUE;
    errno = 0; // libesmtp takes a left-over for a failed read
    return *length > 0 ? bytes : NULL;
}

static void session_fail(Session *session, const char *words) {
    if (session->trace->failure == NULL)
        session->trace->failure = g_strdup(words);
}

static void session_settle(Session *session, SSL *ssl) {
    gint64 timeout = session->account->timeout_ms;
    if (smtp_tls_settle(ssl, session->hello, timeout > 0 ? timeout : SMTP_TIMEOUT_COMMAND_MS))
        return;
    session_fail(session, "connection lost after STARTTLS");
    smtp_socket_break(&session->socket);
}

static void session_follow(smtp_session_t handle, int event, void *data, ...) {
    Session *session = data;
    va_list arguments;
    (void)handle;
    va_start(arguments, data);
    switch (event) {
    case SMTP_EV_CONNECT:
        session->is_connected = TRUE;
        break;
    case SMTP_EV_MESSAGESENT:
        session->is_replied = TRUE;
        break;
    case SMTP_EV_STARTTLS_OK:
        session_settle(session, va_arg(arguments, SSL *));
        break;
    case SMTP_EV_WRONG_PEER_CERTIFICATE: // its own look at DNS's canonical name; ours is stricter
        *va_arg(arguments, int *) = smtp_tls_is_verified(session->tls);
        break;
    case SMTP_EV_EXTNA_STARTTLS:
        session_fail(session, "the server does not offer STARTTLS");
        break;
    default:
        break;
    }
    va_end(arguments);
}

static void session_hear(Session *session, const char *bytes, gsize length) {
    SmtpTrace *trace = session->trace;
    if (!session->is_signing_in || !smtp_reply_parse(bytes, length, &trace->auth))
        return;
    session->is_signing_in = trace->auth.code == 334;
    session->is_signed_in = trace->auth.code == 235;
    if (trace->auth.code < 400)
        smtp_reply_clear(&trace->auth);
}

// Sees every write before it is on its way. After a refused sign-in libesmtp would simply go on.
static void session_say(Session *session, const char *bytes, gsize length) {
    if (length >= 5 && g_ascii_strncasecmp(bytes, "AUTH ", 5) == 0)
        session->is_signing_in = TRUE;
    if (length >= 5 && g_ascii_strncasecmp(bytes, "MAIL ", 5) == 0 &&
        session->account->user != NULL && !session->is_signed_in) {
        session->trace->lacks_auth = session->trace->auth.code == 0;
        smtp_socket_break(&session->socket);
    }
}

static void session_watch(const char *bytes, int length, int is_writing, void *data) {
    if (is_writing == 1)
        session_say(data, bytes, (gsize)length);
    else if (is_writing == 0)
        session_hear(data, bytes, (gsize)length);
}

static int session_sign_in(auth_client_request_t request, char **result, int fields, void *data) {
    const Session *session = data;
    for (int at = 0; at < fields; at++) {
        gboolean is_user = (request[at].flags & AUTH_USER) != 0;
        gboolean is_password = (request[at].flags & AUTH_PASS) != 0;
        const char *text = is_user       ? session->account->user
                           : is_password ? session->account->password
                                         : NULL;
        result[at] = (char *)(guintptr)text; // only read
    }
    return 1;
}

static void session_set_timeouts(smtp_session_t handle, gint64 own) {
    static const int steps[] = {Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER,
                                Timeout_DATA2};
    for (gsize at = 0; at < G_N_ELEMENTS(steps); at++) {
        gint64 initial = steps[at] == Timeout_DATA2      ? SMTP_TIMEOUT_FINAL_MS
                         : steps[at] == Timeout_GREETING ? SMTP_TIMEOUT_GREETING_MS
                                                         : SMTP_TIMEOUT_COMMAND_MS;
        smtp_set_timeout(handle, steps[at] | Timeout_OVERRIDE_RFC2822_MINIMUM,
                         (long)(own > 0 ? MAX(own, 1000) : initial));
    }
}

static void session_set_up(Session *session, smtp_session_t handle, auth_context_t auth,
                           gboolean is_loopback) {
    const SmtpAccount *account = session->account;
    g_autofree char *server = g_strdup_printf("%s:%u", account->host, account->port);
    smtp_set_server(handle, server);
    smtp_set_hostname(handle, session->hello);
    smtp_set_eventcb(handle, session_follow, session);
    smtp_set_monitorcb(handle, session_watch, session, 0);
    session_set_timeouts(handle, account->timeout_ms);
    if (session->tls != NULL) {
        smtp_starttls_set_ctx(handle, smtp_tls_context(session->tls));
        smtp_starttls_enable(handle, is_loopback ? Starttls_ENABLED : Starttls_REQUIRED);
    }
    if (account->user == NULL)
        return;
    auth_set_mechanism_flags(auth, AUTH_PLUGIN_PLAIN, 0);
    auth_set_interact_cb(auth, session_sign_in, session);
    smtp_auth_set_context(handle, auth);
}

static gboolean bytes_are_ascii(GBytes *bytes) {
    gsize length;
    const guint8 *at = g_bytes_get_data(bytes, &length);
    while (length > 0 && *at < 0x80) {
        at++;
        length--;
    }
    return length == 0;
}

static smtp_message_t session_add_mail(Session *session, smtp_session_t handle,
                                       const SmtpEnvelope *envelope, smtp_recipient_t *recipients) {
    smtp_message_t message = smtp_add_message(handle);
    smtp_set_reverse_path(message, envelope->sender);
    smtp_set_messagecb(message, session_read, session);
    smtp_size_set_estimate(message, (unsigned long)g_bytes_get_size(session->wire));
    if (!bytes_are_ascii(session->wire))
        smtp_8bitmime_set_body(message, E8bitmime_8BITMIME);
    if (envelope->envelope_id != NULL) {
        smtp_dsn_set_envid(message, envelope->envelope_id);
        smtp_dsn_set_ret(message, Ret_HDRS);
    }
    for (gsize at = 0; envelope->recipients[at] != NULL; at++) {
        recipients[at] = smtp_add_recipient(message, envelope->recipients[at]);
        if (envelope->envelope_id != NULL)
            smtp_dsn_set_notify(recipients[at], Notify_FAILURE | Notify_DELAY);
    }
    return message;
}

static void reply_copy(const smtp_status_t *status, SmtpReply *reply) {
    if (status == NULL || status->code <= 0)
        return;
    g_autofree char *enhanced = status->enh_class > 0
                                    ? g_strdup_printf("%d.%d.%d", status->enh_class,
                                                      status->enh_subject, status->enh_detail)
                                    : NULL;
    smtp_reply_set(reply, (unsigned)status->code, enhanced, status->text);
}

static void session_explain(Session *session) {
    char words[128];
    g_autofree char *refused = session->tls != NULL ? smtp_tls_failure(session->tls) : NULL;
    if (session->socket.refused[0] != '\0' && !session->is_connected)
        refused = g_strdup_printf("the host's address %s is not allowed", session->socket.refused);
    if (refused != NULL) {
        g_free(session->trace->failure);
        session->trace->failure = g_steal_pointer(&refused);
        return;
    }
    int number = smtp_errno();
    const char *reason = number != 0 ? smtp_strerror(number, words, sizeof words) : NULL;
    g_autofree char *text =
        g_strdup_printf("%s: %s", session->is_connected ? "connection lost" : "cannot connect",
                        reason != NULL ? reason : "no reason given");
    session_fail(session, text);
}

static void session_collect(Session *session, smtp_message_t message,
                            smtp_recipient_t *recipients) {
    SmtpTrace *trace = session->trace;
    reply_copy(smtp_reverse_path_status(message), &trace->sender);
    for (gsize at = 0; at < trace->count; at++)
        reply_copy(smtp_recipient_status(recipients[at]), &trace->recipients[at]);
    // One status for DATA and for the final dot: is_replied tells whether it is an end at all.
    if (session->is_replied)
        reply_copy(smtp_message_transfer_status(message), &trace->message);
    if (trace->message.code == 0)
        session_explain(session);
}

static void session_bite(gpointer data) {
    smtp_socket_break(data);
}

static void session_run(Session *session, const SmtpEnvelope *envelope, gboolean is_loopback) {
    g_autofree smtp_recipient_t *recipients = g_new0(smtp_recipient_t, session->trace->count);
    smtp_session_t handle = smtp_create_session();
    auth_context_t auth = auth_create_context();
    smtp_socket_watch(&session->socket);
    SmtpWatchdog *watchdog =
        smtp_watchdog_new(SMTP_SESSION_LIMIT_MS, session_bite, &session->socket);
    session_set_up(session, handle, auth, is_loopback);
    smtp_message_t message = session_add_mail(session, handle, envelope, recipients);
    smtp_start_session(handle);
    smtp_watchdog_free(watchdog);
    session_collect(session, message, recipients);
    smtp_socket_unwatch(&session->socket);
    smtp_destroy_session(handle);
    auth_destroy_context(auth);
}

static void esmtp_start(void) {
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        auth_client_init();
        g_once_init_leave(&once, 1);
    }
}

SmtpTrace *smtp_esmtp_send(const SmtpAccount *account, const SmtpEnvelope *envelope, GBytes *wire,
                           gboolean is_loopback) {
    g_autoptr(GError) error = NULL;
    SmtpTrace *trace =
        smtp_trace_new("libesmtp", g_strv_length((char **)(guintptr)envelope->recipients));
    Session session = {.account = account,
                       .hello = account->hello != NULL ? account->hello : g_get_host_name(),
                       .trace = trace,
                       .socket = {.allow_private = account->allow_private,
                                  .only_loopback = is_loopback,
                                  .timeout_ms = SMTP_TIMEOUT_CONNECT_MS},
                       .wire = wire};
    esmtp_start();
    if (account->tls == SMTP_TLS_STARTTLS)
        session.tls = smtp_tls_new(account->host, account->ca_file, &error);
    if (error != NULL)
        session_fail(&session, error->message);
    else
        session_run(&session, envelope, is_loopback);
    smtp_tls_free(session.tls);
    return trace;
}
