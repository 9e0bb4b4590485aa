// A POP3 client over libcurl, all on one connection because numbers mean something only within one
// (channels.md 17.7). What is deleted goes when the session is closed in peace. One thread at a
// time. Used by desk/fetch_pop3 and the live check.
#pragma once

#include "net/mail_account.h"

typedef struct Pop3Session Pop3Session;

typedef struct {
    guint32 number; // in this session
    gint64 size;
    char *uidl; // names the mail from session to session
} Pop3Mail;

// Connects, signs in, and lists. NULL with an error: unauthenticated, denied, upstream (also where
// the server has no UIDL).
Pop3Session *pop3_session_open(const MailAccount *account,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// QUIT: deletions take effect. Then closes.
void pop3_session_free(Pop3Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3Session, pop3_session_free)

// Of Pop3Mail, in the server's order. Borrowed.
const GPtrArray *pop3_session_mails(const Pop3Session *session);

// The whole mail, at most limit bytes. NULL with an error (upstream; too_large), after which the
// session is dead.
GBytes *pop3_session_fetch(Pop3Session *session, const Pop3Mail *mail, gsize limit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Marks it for deletion.
gboolean pop3_session_delete(Pop3Session *session, const Pop3Mail *mail, GError **error);

// The lines of LIST and UIDL put together. Pure; exposed for tests. Lines that are not of the form
// are passed over. Owned list of Pop3Mail.
GPtrArray *pop3_listing_decode(const char *sizes, const char *uidls) G_GNUC_WARN_UNUSED_RESULT;
