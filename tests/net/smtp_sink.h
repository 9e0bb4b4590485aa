// A submission server on 127.0.0.1 that keeps what it is given, counts it, and fails on demand:
// STARTTLS or TLS from the start, AUTH PLAIN, LOGIN and XOAUTH2. Used by the tests of net/smtp and
// desk/outbox, and as a program of its own (smtp-sink.c) by crash tests and the demo.
#pragma once

#include <glib.h>

// How it behaves. Rules are texts "STAGE=ACTION" or "STAGE:WORD=ACTION" (only where the line has
// WORD). Stages: greeting, ehlo, starttls, auth, mail, rcpt, data, body (after the first line of
// the mail), dot (after the whole mail), accepted (after 250). Actions: "drop", "hang", or the
// reply.
typedef struct {
    const char *const *rules; // ends with NULL; or NULL
    gboolean starttls;        // offers it
    gboolean implicit_tls;
    gboolean tls12_only;
    const char *user; // demands and checks this sign-in; NULL: offers none
    const char *password;
    const char *bearer;    // XOAUTH2 is offered, with this token
    gboolean is_lenient;   // takes mail without sign-in, too
    gboolean plain_auth;   // offers AUTH without TLS
    const char *log_path;  // a line "accepted MESSAGE-ID RECIPIENT" for each, synced before the 250
    const char *directory; // where cert.pem and key.pem stand (smtp_sink_make_certificate)
    guint16 port;          // 0: any
} SmtpSinkScript;

typedef struct {
    char *sender;          // the argument of MAIL, with its parameters
    GPtrArray *recipients; // the arguments of RCPT
    GString *text;         // as received, dots unstuffed, line ends as they came
    gboolean has_bare_lf;
    char *user;        // who signed in, or NULL
    char *tls_version; // "TLSv1.3", or NULL
} SmtpSinkMail;

typedef struct SmtpSink SmtpSink;

SmtpSink *smtp_sink_new(const SmtpSinkScript *script); // the script must stay
void smtp_sink_free(SmtpSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpSink, smtp_sink_free)
guint16 smtp_sink_port(const SmtpSink *sink);

guint smtp_sink_count(SmtpSink *sink);       // mails accepted
guint smtp_sink_sessions(SmtpSink *sink);    // connections
guint smtp_sink_mails_begun(SmtpSink *sink); // MAIL commands seen
// The mail of that number from 0. Only while nothing is being sent.
const SmtpSinkMail *smtp_sink_mail(SmtpSink *sink, guint number);

// Writes cert.pem and key.pem (for localhost and 127.0.0.1, self-signed: cert.pem is its own
// authority) into the directory. name: another DNS name in place of localhost; or NULL. is_expired:
// it ran out yesterday.
void smtp_sink_make_certificate(const char *directory, const char *name, gboolean is_expired);
