// TLS for libesmtp, which leaves out the server's name (SNI), checks it against the canonical name
// of DNS, and can stop for ever on TLS 1.3 session tickets. One SmtpTls per session. Internal to
// net/smtp_esmtp.c.
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

typedef struct SmtpTlsSession SmtpTlsSession;

// host is checked in the certificate; ca_file NULL: the system's authorities. NULL with an error
// (unavailable) when ca_file cannot be read.
SmtpTlsSession *smtp_tls_new(const char *host, const char *ca_file,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void smtp_tls_free(SmtpTlsSession *tls);

SSL_CTX *smtp_tls_context(SmtpTlsSession *tls);

// True once a handshake has ended with a certificate that is good for host.
gboolean smtp_tls_is_verified(const SmtpTlsSession *tls);

// Why the certificate was refused, one line; NULL when it was not. Owned by the caller.
char *smtp_tls_failure(const SmtpTlsSession *tls) G_GNUC_WARN_UNUSED_RESULT;

// Right after the handshake: an EHLO of our own whose answer is read away, and with it the session
// tickets of TLS 1.3 that stand before it. FALSE when the connection is of no use.
gboolean smtp_tls_settle(SSL *ssl, const char *hello, gint64 timeout_ms);
