// The two ways of speaking SMTP, behind net/smtp.h. Internal to net/smtp*.c.
#pragma once

#include <openssl/ssl.h>

#include "net/smtp_trace.h"

#define SMTP_TIMEOUT_CONNECT_MS ((gint64)30 * 1000)
#define SMTP_TIMEOUT_GREETING_MS ((gint64)60 * 1000) // shorter than RFC 5321's: nothing is lost yet
#define SMTP_TIMEOUT_COMMAND_MS ((gint64)5 * 60 * 1000) // RFC 5321 4.5.3.2
#define SMTP_TIMEOUT_FINAL_MS ((gint64)10 * 60 * 1000)
#define SMTP_SESSION_LIMIT_MS ((gint64)30 * 60 * 1000)

// One session: connect, sign in, hand over, quit. wire comes from smtp_bytes_prepare. is_loopback:
// only a loopback address is connected to, and TLS is not demanded.
SmtpTrace *smtp_esmtp_send(const SmtpAccount *account, const SmtpEnvelope *envelope, GBytes *wire,
                           gboolean is_loopback) G_GNUC_WARN_UNUSED_RESULT;
SmtpTrace *smtp_curl_send(const SmtpAccount *account, const SmtpEnvelope *envelope, GBytes *wire,
                          gboolean is_loopback) G_GNUC_WARN_UNUSED_RESULT;
