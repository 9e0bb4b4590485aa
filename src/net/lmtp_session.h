// One LMTP conversation as a state machine (RFC 2033): bytes of the client in, replies out, whole
// mails when their end has come. Pure: no socket, no clock, so it can be fuzzed. Undoes
// dot-stuffing and refuses an end of data written with bare line feeds (SMTP smuggling;
// channels.md 17.9).
#pragma once

#include <glib.h>

typedef struct {
    char *sender;          // of MAIL FROM, "" for the null path
    GPtrArray *recipients; // of char *: accepted ones, in order
    GBytes *bytes;         // CRLF lines, dots undone
} LmtpMail;

void lmtp_mail_free(LmtpMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpMail, lmtp_mail_free)

typedef struct {
    const char *host; // our name
    gsize mail_limit; // bytes
    guint recipients; // of one mail: 100
    // TRUE when mail to that address is taken here. Quick.
    gboolean (*knows)(const char *address, gpointer data);
    gpointer data;
} LmtpOptions;

typedef struct LmtpSession LmtpSession;

// Copies options; host is borrowed. The greeting is in out.
LmtpSession *lmtp_session_new(const LmtpOptions *options, GString *out) G_GNUC_WARN_UNUSED_RESULT;
void lmtp_session_free(LmtpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpSession, lmtp_session_free)

// Takes bytes and appends the replies to out, up to the end of a mail: what stands behind waits
// until lmtp_session_answer.
void lmtp_session_feed(LmtpSession *session, const void *bytes, gsize length, GString *out);

// The mail whose end has come, owned; NULL while there is none. Answer it before more is read.
LmtpMail *lmtp_session_take_mail(LmtpSession *session) G_GNUC_WARN_UNUSED_RESULT;

// One reply line for each recipient, in order ("250 2.1.5 stored"), and on with what waits.
void lmtp_session_answer(LmtpSession *session, const char *const *replies, GString *out);

// TRUE while a mail waits for its answer: feed nothing then.
gboolean lmtp_session_is_waiting(const LmtpSession *session);
// TRUE after QUIT or an offence: send what is in out and close.
gboolean lmtp_session_is_over(const LmtpSession *session);
// Bytes held for this client.
gsize lmtp_session_size(const LmtpSession *session);
