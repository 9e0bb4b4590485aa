#include "net/lmtp_session.h"

#include <string.h>

#include "net/lmtp_data.h"

#define LINE_MAXIMUM 2048   // of a command; RFC 5321 asks for 512 and what extensions add
#define ADDRESS_MAXIMUM 320 // RFC 5321 4.5.3.1
#define ERRORS_MAXIMUM 20   // wrong commands before we hang up

struct LmtpSession {
    LmtpOptions options;
    GString *input; // not looked at yet
    gboolean is_greeted;
    char *sender; // NULL: no mail begun
    GPtrArray *recipients;
    LmtpData *data; // NULL: not within DATA
    LmtpMail *mail; // whole, not taken yet
    gboolean is_waiting;
    gboolean is_over;
    guint waiting_recipients;
    guint errors;
};

void lmtp_mail_free(LmtpMail *mail) {
    if (mail == NULL)
        return;
    g_free(mail->sender);
    g_ptr_array_unref(mail->recipients);
    g_bytes_unref(mail->bytes);
    g_free(mail);
}

static void say(GString *out, const char *line) {
    g_string_append(out, line);
    g_string_append(out, "\r\n");
}

static void reset(LmtpSession *session) {
    g_clear_pointer(&session->sender, g_free);
    g_ptr_array_set_size(session->recipients, 0);
}

LmtpSession *lmtp_session_new(const LmtpOptions *options, GString *out) {
    LmtpSession *session = g_new0(LmtpSession, 1);
    session->options = *options;
    session->input = g_string_new(NULL);
    session->recipients = g_ptr_array_new_with_free_func(g_free);
    g_string_append_printf(out, "220 %s LMTP dialogd\r\n", options->host);
    return session;
}

void lmtp_session_free(LmtpSession *session) {
    if (session == NULL)
        return;
    g_string_free(session->input, TRUE);
    g_free(session->sender);
    g_ptr_array_unref(session->recipients);
    lmtp_data_free(session->data);
    lmtp_mail_free(session->mail);
    g_free(session);
}

// The address within <>, or NULL where the path is not one. "" only where may_be_empty. A source
// route (RFC 5321 C) is passed over; rest points behind it.
static char *parse_path(const char *text, gboolean may_be_empty, const char **rest) {
    while (*text == ' ')
        text++;
    const char *close = *text == '<' ? strchr(text, '>') : NULL;
    if (close == NULL || (close[1] != '\0' && close[1] != ' '))
        return NULL;
    const char *start = text + 1;
    const char *route = *start == '@' ? memchr(start, ':', (gsize)(close - start)) : NULL;
    start = route != NULL ? route + 1 : start;
    g_autofree char *address = g_strndup(start, (gsize)(close - start));
    *rest = close + 1;
    gsize length = strlen(address);
    if (length > ADDRESS_MAXIMUM || !g_utf8_validate(address, -1, NULL) ||
        strpbrk(address, " \t\r\n<>") != NULL)
        return NULL;
    if (length == 0 ? !may_be_empty : strchr(address, '@') == NULL && length > 64)
        return NULL;
    return g_steal_pointer(&address);
}

static void command_lhlo(LmtpSession *session, const char *rest, GString *out) {
    if (*rest == '\0') {
        say(out, "501 5.5.4 say who you are: LHLO name");
        return;
    }
    reset(session);
    session->is_greeted = TRUE;
    g_string_append_printf(out,
                           "250-%s\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                           "250-ENHANCEDSTATUSCODES\r\n250 SIZE %" G_GSIZE_FORMAT "\r\n",
                           session->options.host, session->options.mail_limit);
}

// The value of SIZE= among the parameters, or 0.
static guint64 declared_size(const char *parameters) {
    g_auto(GStrv) words = g_strsplit(parameters, " ", -1);
    for (gsize at = 0; words[at] != NULL; at++)
        if (g_ascii_strncasecmp(words[at], "SIZE=", 5) == 0)
            return g_ascii_strtoull(words[at] + 5, NULL, 10);
    return 0;
}

static void command_mail(LmtpSession *session, const char *rest, GString *out) {
    const char *parameters = "";
    if (!session->is_greeted || session->sender != NULL) {
        say(out, session->is_greeted ? "503 5.5.1 a mail is begun already: RSET"
                                     : "503 5.5.1 LHLO first");
        return;
    }
    g_autofree char *sender =
        g_ascii_strncasecmp(rest, "FROM:", 5) == 0 ? parse_path(rest + 5, TRUE, &parameters) : NULL;
    if (sender == NULL)
        say(out, "501 5.1.7 not an address: MAIL FROM:<address>");
    else if (declared_size(parameters) > session->options.mail_limit)
        say(out, "552 5.3.4 the mail is too large");
    else {
        session->sender = g_steal_pointer(&sender);
        say(out, "250 2.1.0 ok");
    }
}

static void command_rcpt(LmtpSession *session, const char *rest, GString *out) {
    const char *parameters = "";
    if (session->sender == NULL) {
        say(out, "503 5.5.1 MAIL first");
        return;
    }
    g_autofree char *address =
        g_ascii_strncasecmp(rest, "TO:", 3) == 0 ? parse_path(rest + 3, FALSE, &parameters) : NULL;
    if (address == NULL)
        say(out, "501 5.1.3 not an address: RCPT TO:<address>");
    else if (session->recipients->len >= session->options.recipients)
        say(out, "452 4.5.3 too many recipients at once");
    else if (!session->options.knows(address, session->options.data))
        say(out, "550 5.1.1 no channel has this address");
    else {
        g_ptr_array_add(session->recipients, g_steal_pointer(&address));
        say(out, "250 2.1.5 ok");
    }
}

static void command_data(LmtpSession *session, const char *rest, GString *out) {
    (void)rest;
    if (session->recipients->len == 0) {
        say(out, "503 5.5.1 no valid recipients");
        return;
    }
    session->data = lmtp_data_new(session->options.mail_limit);
    say(out, "354 end with a line of one dot");
}

static void command_rset(LmtpSession *session, const char *rest, GString *out) {
    (void)rest;
    reset(session);
    say(out, "250 2.0.0 ok");
}

static void command_noop(LmtpSession *session, const char *rest, GString *out) {
    (void)session, (void)rest;
    say(out, "250 2.0.0 ok");
}

static void command_vrfy(LmtpSession *session, const char *rest, GString *out) {
    (void)session, (void)rest;
    say(out, "252 2.5.0 send and see");
}

static void command_quit(LmtpSession *session, const char *rest, GString *out) {
    (void)rest;
    session->is_over = TRUE;
    say(out, "221 2.0.0 bye");
}

static const struct {
    const char *verb;
    void (*run)(LmtpSession *session, const char *rest, GString *out);
} commands[] = {
    {"LHLO", command_lhlo}, {"MAIL", command_mail}, {"RCPT", command_rcpt}, {"DATA", command_data},
    {"RSET", command_rset}, {"NOOP", command_noop}, {"VRFY", command_vrfy}, {"QUIT", command_quit},
};

static void run_command(LmtpSession *session, char *line, GString *out) {
    gsize verb_length = strcspn(line, " ");
    const char *rest = line + verb_length + strspn(line + verb_length, " ");
    for (gsize at = 0; at < G_N_ELEMENTS(commands); at++)
        if (strlen(commands[at].verb) == verb_length &&
            g_ascii_strncasecmp(commands[at].verb, line, verb_length) == 0) {
            commands[at].run(session, rest, out);
            return;
        }
    session->is_over = ++session->errors > ERRORS_MAXIMUM;
    say(out, session->is_over ? "421 4.7.0 too many errors" : "500 5.5.1 LMTP is spoken here");
}

static void offend(LmtpSession *session, const char *reply, GString *out) {
    say(out, reply);
    session->is_over = TRUE;
}

// One command line, if it is whole. FALSE when more bytes are needed.
static gboolean take_command(LmtpSession *session, GString *out) {
    GString *input = session->input;
    char *feed = memchr(input->str, '\n', input->len);
    gsize length = feed != NULL ? (gsize)(feed - input->str) : input->len;
    if (length > LINE_MAXIMUM) {
        offend(session, "500 5.5.2 the line is too long", out);
        return FALSE;
    }
    if (feed == NULL)
        return FALSE;
    if (length == 0 || input->str[length - 1] != '\r' || memchr(input->str, '\0', length) != NULL) {
        offend(session, "500 5.5.2 lines end in CR LF", out);
        return FALSE;
    }
    g_autofree char *line = g_strndup(input->str, length - 1);
    g_string_erase(input, 0, (gssize)length + 1);
    run_command(session, line, out);
    return TRUE;
}

static void answer_all(const LmtpSession *session, const char *reply, GString *out) {
    for (guint at = 0; at < session->recipients->len; at++)
        say(out, reply);
}

static void finish_data(LmtpSession *session, GString *out) {
    g_autoptr(LmtpData) data = g_steal_pointer(&session->data);
    if (lmtp_data_state(data) == LMTP_DATA_SMUGGLED) {
        answer_all(session, "554 5.6.0 bare line feeds at the end of the mail", out);
        session->is_over = TRUE;
    } else if (lmtp_data_is_over_limit(data)) {
        answer_all(session, "552 5.3.4 the mail is too large", out);
    } else {
        LmtpMail *mail = g_new0(LmtpMail, 1);
        mail->sender = g_strdup(session->sender);
        mail->recipients = g_steal_pointer(&session->recipients);
        mail->bytes = lmtp_data_take(data);
        session->waiting_recipients = mail->recipients->len;
        session->recipients = g_ptr_array_new_with_free_func(g_free);
        session->mail = mail;
        session->is_waiting = TRUE;
    }
    reset(session);
}

// Data up to its end. FALSE when more bytes are needed.
static gboolean take_data(LmtpSession *session, GString *out) {
    gsize used = lmtp_data_feed(session->data, session->input->str, session->input->len);
    g_string_erase(session->input, 0, (gssize)used);
    if (lmtp_data_state(session->data) == LMTP_DATA_OPEN)
        return FALSE;
    finish_data(session, out);
    return TRUE;
}

static void advance(LmtpSession *session, GString *out) {
    while (!session->is_over && !session->is_waiting && session->input->len > 0)
        if (!(session->data != NULL ? take_data(session, out) : take_command(session, out)))
            return;
}

void lmtp_session_feed(LmtpSession *session, const void *bytes, gsize length, GString *out) {
    g_string_append_len(session->input, bytes, (gssize)length);
    advance(session, out);
}

LmtpMail *lmtp_session_take_mail(LmtpSession *session) {
    return g_steal_pointer(&session->mail);
}

void lmtp_session_answer(LmtpSession *session, const char *const *replies, GString *out) {
    g_assert(session->is_waiting);
    for (guint at = 0; at < session->waiting_recipients; at++)
        say(out, replies[at]);
    session->is_waiting = FALSE;
    advance(session, out);
}

gboolean lmtp_session_is_waiting(const LmtpSession *session) {
    return session->is_waiting;
}

gboolean lmtp_session_is_over(const LmtpSession *session) {
    return session->is_over;
}

gsize lmtp_session_size(const LmtpSession *session) {
    return session->input->len + (session->data != NULL ? lmtp_data_size(session->data) : 0);
}
