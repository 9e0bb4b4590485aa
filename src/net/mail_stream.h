// A connected and signed-in byte stream to an IMAP server. libcurl connects, speaks TLS or STARTTLS
// and signs in (CONNECT_ONLY, channels.md 17.6); then the stream is ours, with our own time limits:
// silence, and a drip below 100 bytes a second over 30 seconds (reliability.md F9). One thread at a
// time. Knows nothing of IMAP's grammar.
#pragma once

#include "net/mail_account.h"

typedef struct MailStream MailStream;

typedef struct {
    gint64 connect_ms; // TCP, TLS and sign-in together
    gint64 silence_ms; // no byte at all while an answer is due
    gint64 drip_ms;    // waiting time after which drip_bytes must have come
    gsize drip_bytes;
} MailStreamLimits;

// 30 s, 60 s, 3,000 bytes in 30 s.
extern const MailStreamLimits mail_stream_limits;

// Connects and signs in. NULL with an error: unauthenticated when the server refused the user,
// denied when the address is not allowed, upstream for all else. Blocks. limits NULL: the usual.
MailStream *mail_stream_open(const MailAccount *account, const MailStreamLimits *limits,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Closes at once, without LOGOUT.
void mail_stream_free(MailStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailStream, mail_stream_free)

// Sends all. FALSE with an error (upstream). Blocks up to silence_ms.
gboolean mail_stream_send(MailStream *stream, const void *bytes, gsize length, GError **error);

// What has come, at least one byte; waits by the limits. 0 with an error (upstream).
gsize mail_stream_receive(MailStream *stream, void *buffer, gsize size, GError **error);

// What has come already, or 0 without waiting; *closed tells an end of the stream. Call it before
// poll(): TLS may hold bytes.
gsize mail_stream_receive_now(MailStream *stream, void *buffer, gsize size, gboolean *closed);

// Begins a new answer: what was waited for so far counts no more.
void mail_stream_expect(MailStream *stream);

int mail_stream_socket(const MailStream *stream);
