// Where a mailbox lives and how to sign in: what IMAP, POP3 and their checks need. Made by
// desk/fetch from a channel's settings; holds opened secrets, so it is freed soon and never logged.
#pragma once

#include "net/oauth_token.h"

typedef enum {
    MAIL_TLS_IMPLICIT, // from the first byte (993, 995)
    MAIL_TLS_START,    // STARTTLS or STLS, required
    MAIL_TLS_NONE,     // in clear: only loopback, or where the administrator insists
} MailTls;

// "tls", "starttls", "plain": as the settings have it.
const char *mail_tls_name(MailTls tls);
gboolean mail_tls_parse(const char *name, MailTls *tls);

typedef struct {
    char *host;
    guint16 port;
    MailTls tls;
    char *user;
    char *password;         // NULL with token
    OAuthToken *token;      // a reference, or NULL: sign in by password
    char *login_options;    // "AUTH=XOAUTH2", "AUTH=PLAIN", or NULL: what the server offers
    char *authorities;      // file of certificate authorities, or NULL: the system's
    gboolean allow_private; // may connect to loopback and private addresses
    const gint *stopping;   // atomic, borrowed, or NULL: not 0 ends what waits within a second
} MailAccount;

MailAccount *mail_account_new(const char *host, guint16 port,
                              MailTls tls) G_GNUC_WARN_UNUSED_RESULT;
MailAccount *mail_account_copy(const MailAccount *account) G_GNUC_WARN_UNUSED_RESULT;
// The host says of itself that it is this machine (localhost, 127.x, ::1): that needs no leave.
gboolean mail_account_is_local(const MailAccount *account);
// Wipes the password.
void mail_account_free(MailAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailAccount, mail_account_free)
