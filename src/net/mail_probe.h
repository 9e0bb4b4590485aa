// Tries a mail account: connects, speaks TLS, signs in, and hangs up. For SMTP, where nothing else
// is asked of the live check; IMAP and POP3 have sessions that can tell more.
#pragma once

#include "net/mail_account.h"

// scheme is "smtp" (also "imap", "pop3"). user NULL: no sign-in. FALSE with an error as
// mail_stream_open. Blocks up to 30 s.
gboolean mail_probe(const MailAccount *account, const char *scheme, GError **error);
