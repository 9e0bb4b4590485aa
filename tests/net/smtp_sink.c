#include "smtp_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_server.h"
#include "smtp_wire.h"

struct SmtpSink {
    const SmtpSinkScript *script;
    FakeServer *server;
    GMutex mutex;
    GPtrArray *mails; // of SmtpSinkMail
    gint begun;
    gint is_stopping;
};

typedef struct {
    SmtpSink *sink;
    SmtpWire wire;
    SmtpSinkMail *mail;
    char *user;
    gboolean is_over;
} Session;

static SmtpSinkMail *mail_new(void) {
    SmtpSinkMail *mail = g_new0(SmtpSinkMail, 1);
    mail->recipients = g_ptr_array_new_with_free_func(g_free);
    mail->text = g_string_new(NULL);
    return mail;
}

static void mail_free(SmtpSinkMail *mail) {
    g_free(mail->sender);
    g_ptr_array_unref(mail->recipients);
    g_string_free(mail->text, TRUE);
    g_free(mail->user);
    g_free(mail->tls_version);
    g_free(mail);
}

static const char *rule_action(const char *rule, const char *stage, const char *line) {
    gsize length = strlen(stage);
    const char *equals = strchr(rule, '=');
    if (strncmp(rule, stage, length) != 0 || equals == NULL)
        return NULL;
    if (rule[length] == '=')
        return equals + 1;
    if (rule[length] != ':')
        return NULL;
    g_autofree char *word = g_strndup(rule + length + 1, (gsize)(equals - rule) - length - 1);
    return strstr(line, word) != NULL ? equals + 1 : NULL;
}

static void session_hang(Session *session) {
    char byte;
    while (!g_atomic_int_get(&session->sink->is_stopping) &&
           (recv(session->wire.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0 || errno == EAGAIN))
        g_usleep(20000);
}

// TRUE when a rule dealt with this stage; the session may be over then.
static gboolean session_obeys(Session *session, const char *stage, const char *line) {
    const char *const *rule = session->sink->script->rules;
    for (; rule != NULL && *rule != NULL; rule++) {
        const char *action = rule_action(*rule, stage, line);
        if (action == NULL)
            continue;
        if (g_str_equal(action, "hang"))
            session_hang(session);
        session->is_over = g_str_equal(action, "hang") || g_str_equal(action, "drop");
        if (!session->is_over) {
            smtp_wire_write(&session->wire, action);
            smtp_wire_write(&session->wire, "\r\n");
        }
        return TRUE;
    }
    return FALSE;
}

static void session_say(Session *session, const char *text) {
    smtp_wire_write(&session->wire, text);
}

static void session_greet_again(Session *session) {
    const SmtpSinkScript *script = session->sink->script;
    gboolean is_secure = session->wire.ssl != NULL || script->plain_auth;
    session_say(session, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                         "250-SIZE 100000000\r\n250-DSN\r\n");
    if (script->starttls && session->wire.ssl == NULL)
        session_say(session, "250-STARTTLS\r\n");
    if (script->user != NULL && is_secure)
        session_say(session, script->bearer != NULL ? "250-AUTH PLAIN LOGIN XOAUTH2\r\n"
                                                    : "250-AUTH PLAIN LOGIN\r\n");
    session_say(session, "250 ENHANCEDSTATUSCODES\r\n");
}

static char *session_ask(Session *session, const char *challenge) {
    g_autofree char *text = g_strdup_printf("334 %s\r\n", challenge);
    session_say(session, text);
    g_autofree char *line = smtp_wire_read_line(&session->wire);
    gsize length;
    guchar *plain = g_base64_decode(line != NULL ? g_strstrip(line) : "", &length);
    char *answer = g_strndup((const char *)plain, length);
    g_free(plain);
    return answer;
}

// The initial response of an AUTH command, asked for when it does not stand in it.
static gboolean initial_is(Session *session, const char *line, const char *expected, gsize size) {
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    g_autofree char *asked = NULL;
    gsize length;
    if (g_strv_length(words) < 3) {
        session_say(session, "334 \r\n");
        asked = smtp_wire_read_line(&session->wire);
    }
    char *text = asked != NULL ? asked : words[2];
    g_autofree guchar *plain = g_base64_decode(text != NULL ? g_strstrip(text) : "", &length);
    return length == size && memcmp(plain, expected, size) == 0;
}

static gboolean plain_is_good(Session *session, const char *line) {
    const SmtpSinkScript *script = session->sink->script;
    g_autofree char *expected = g_strdup_printf("%c%s%c%s", 0, script->user, 0, script->password);
    return initial_is(session, line, expected, strlen(script->user) + strlen(script->password) + 2);
}

static gboolean bearer_is_good(Session *session, const char *line) {
    const SmtpSinkScript *script = session->sink->script;
    g_autofree char *expected =
        g_strdup_printf("user=%s\1auth=Bearer %s\1\1", script->user, script->bearer);
    return script->bearer != NULL && initial_is(session, line, expected, strlen(expected));
}

static void session_sign_in(Session *session, const char *line) {
    const SmtpSinkScript *script = session->sink->script;
    gboolean is_good = FALSE;
    if (g_ascii_strncasecmp(line, "AUTH PLAIN", 10) == 0) {
        is_good = plain_is_good(session, line);
    } else if (g_ascii_strncasecmp(line, "AUTH XOAUTH2", 12) == 0) {
        is_good = bearer_is_good(session, line);
    } else if (g_ascii_strncasecmp(line, "AUTH LOGIN", 10) == 0) {
        g_autofree char *user = session_ask(session, "VXNlcm5hbWU6");
        g_autofree char *password = session_ask(session, "UGFzc3dvcmQ6");
        is_good = g_str_equal(user, script->user) && g_str_equal(password, script->password);
    }
    if (is_good)
        session->user = g_strdup(script->user);
    session_say(session, is_good ? "235 2.7.0 Authentication successful\r\n"
                                 : "535 5.7.8 Error: authentication failed\r\n");
}

static void session_log(Session *session) {
    const SmtpSinkScript *script = session->sink->script;
    const char *id = strstr(session->mail->text->str, "Message-I");
    g_autofree char *value = NULL;
    if (script->log_path == NULL)
        return;
    value = id != NULL ? g_strndup(id + 11, strcspn(id + 11, "\r\n")) : g_strdup("none");
    g_autofree char *recipients = NULL;
    g_ptr_array_add(session->mail->recipients, NULL);
    recipients = g_strjoinv(",", (char **)session->mail->recipients->pdata);
    g_ptr_array_set_size(session->mail->recipients, (int)session->mail->recipients->len - 1);
    g_autofree char *line = g_strdup_printf("accepted %s %s\n", g_strstrip(value), recipients);
    int file = open(script->log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    g_assert_cmpint(write(file, line, strlen(line)), ==, (gssize)strlen(line));
    fsync(file);
    close(file);
}

static void session_accept(Session *session) {
    SmtpSink *sink = session->sink;
    session->mail->user = g_strdup(session->user);
    if (session->wire.ssl != NULL)
        session->mail->tls_version = g_strdup(SSL_get_version(session->wire.ssl));
    g_mutex_lock(&sink->mutex);
    session_log(session);
    g_ptr_array_add(sink->mails, session->mail);
    g_mutex_unlock(&sink->mutex);
    session->mail = mail_new();
    if (!session_obeys(session, "accepted", ""))
        session_say(session, "250 2.0.0 Ok: queued as SINK1\r\n");
}

static void session_take_line(SmtpSinkMail *mail, const char *line) {
    gsize length = strlen(line);
    if (length < 2 || line[length - 2] != '\r' || (gsize)(strchr(line, '\r') - line) != length - 2)
        mail->has_bare_lf = TRUE;
    g_string_append(mail->text, line[0] == '.' ? line + 1 : line);
}

static void session_take_mail(Session *session) {
    char *line;
    session_say(session, "354 go on\r\n");
    while ((line = smtp_wire_read_line(&session->wire)) != NULL) {
        g_autofree char *owned = line;
        if (g_str_equal(line, ".\r\n")) {
            if (!session_obeys(session, "dot", ""))
                session_accept(session);
            return;
        }
        session_take_line(session->mail, line);
        if (session_obeys(session, "body", line))
            return;
    }
    session->is_over = TRUE;
}

static void do_ehlo(Session *session, const char *line) {
    if (!session_obeys(session, "ehlo", line))
        session_greet_again(session);
}

static void do_starttls(Session *session, const char *line) {
    const SmtpSinkScript *script = session->sink->script;
    if (session_obeys(session, "starttls", line))
        return;
    session_say(session, "220 2.0.0 Ready\r\n");
    session->is_over = !smtp_wire_start_tls(&session->wire, script->directory, script->tls12_only);
}

static void do_auth(Session *session, const char *line) {
    if (!session_obeys(session, "auth", line))
        session_sign_in(session, line);
}

static void do_mail(Session *session, const char *line) {
    const SmtpSinkScript *script = session->sink->script;
    g_atomic_int_inc(&session->sink->begun);
    if (session_obeys(session, "mail", line))
        return;
    if (script->user != NULL && session->user == NULL && !script->is_lenient) {
        session_say(session, "530 5.7.0 Authentication required\r\n");
        return;
    }
    mail_free(session->mail);
    session->mail = mail_new();
    session->mail->sender = g_strdup(line + 10);
    session_say(session, "250 2.1.0 Ok\r\n");
}

static void do_rcpt(Session *session, const char *line) {
    if (session_obeys(session, "rcpt", line))
        return;
    g_ptr_array_add(session->mail->recipients, g_strstrip(g_strdup(line + 8)));
    session_say(session, "250 2.1.5 Ok\r\n");
}

static void do_data(Session *session, const char *line) {
    if (session_obeys(session, "data", line))
        return;
    if (session->mail->recipients->len == 0)
        session_say(session, "554 5.5.1 Error: no valid recipients\r\n");
    else
        session_take_mail(session);
}

static void do_quit(Session *session, const char *line) {
    (void)line;
    session_say(session, "221 2.0.0 Bye\r\n");
    session->is_over = TRUE;
}

static void session_answer(Session *session, const char *line) {
    static const struct {
        const char *verb;
        void (*run)(Session *session, const char *line);
    } verbs[] = {{"EHLO", do_ehlo}, {"STARTTLS", do_starttls}, {"AUTH", do_auth}, {"MAIL", do_mail},
                 {"RCPT", do_rcpt}, {"DATA", do_data},         {"QUIT", do_quit}};
    for (gsize at = 0; at < G_N_ELEMENTS(verbs); at++)
        if (g_ascii_strncasecmp(line, verbs[at].verb, strlen(verbs[at].verb)) == 0) {
            verbs[at].run(session, line);
            return;
        }
    session_say(session, g_ascii_strncasecmp(line, "RSET", 4) == 0
                             ? "250 2.0.0 Ok\r\n"
                             : "502 5.5.2 Error: command not recognized\r\n");
}

static void session_serve(int socket, int number, gpointer data) {
    Session session = {.sink = data, .wire = {.socket = socket}, .mail = mail_new()};
    const SmtpSinkScript *script = session.sink->script;
    (void)number;
    if (script->implicit_tls)
        session.is_over = !smtp_wire_start_tls(&session.wire, script->directory, FALSE);
    if (!session.is_over && !session_obeys(&session, "greeting", ""))
        session_say(&session, "220 sink ESMTP\r\n");
    while (!session.is_over) {
        g_autofree char *line = smtp_wire_read_line(&session.wire);
        if (line == NULL)
            break;
        session_answer(&session, line);
    }
    smtp_wire_end(&session.wire);
    mail_free(session.mail);
    g_free(session.user);
}

SmtpSink *smtp_sink_new(const SmtpSinkScript *script) {
    SmtpSink *sink = g_new0(SmtpSink, 1);
    sink->script = script;
    sink->mails = g_ptr_array_new_with_free_func((GDestroyNotify)mail_free);
    g_mutex_init(&sink->mutex);
    sink->server = fake_server_new_at(script->port, session_serve, sink);
    return sink;
}

void smtp_sink_free(SmtpSink *sink) {
    g_atomic_int_set(&sink->is_stopping, 1);
    fake_server_free(sink->server);
    g_ptr_array_unref(sink->mails);
    g_mutex_clear(&sink->mutex);
    g_free(sink);
}

guint16 smtp_sink_port(const SmtpSink *sink) {
    return fake_server_port(sink->server);
}

guint smtp_sink_count(SmtpSink *sink) {
    g_mutex_lock(&sink->mutex);
    guint count = sink->mails->len;
    g_mutex_unlock(&sink->mutex);
    return count;
}

guint smtp_sink_sessions(SmtpSink *sink) {
    return (guint)fake_server_connections(sink->server);
}

guint smtp_sink_mails_begun(SmtpSink *sink) {
    return (guint)g_atomic_int_get(&sink->begun);
}

const SmtpSinkMail *smtp_sink_mail(SmtpSink *sink, guint number) {
    g_assert_cmpuint(number, <, smtp_sink_count(sink));
    return sink->mails->pdata[number];
}
