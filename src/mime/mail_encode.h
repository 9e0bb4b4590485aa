// Outgoing -> the bytes of a mail: the email kind's encoder. Used by the outbox (SMTP) and the copy
// to the Sent folder. Pure: date and Message-ID are the Outgoing's, so that a retry is the same
// mail; boundaries come from the Message-ID.
#pragma once

#include "model/outgoing.h"

// CRLF lines of at most 998 octets, 7-bit clean (RFC 5322, 2045, 2047, 2231), without Bcc, ready
// for SMTP (dots not stuffed). loop_id: the value of X-Dialogd-Loop, borne by every mail that we
// send. Text goes as text/plain; with html as multipart/alternative, with attachments that have a
// content_id and are inline as multipart/related, the others as multipart/mixed. Auto-Submitted and
// X-Auto-Response-Suppress only when is_automatic. NULL with an error (invalid, "mail_invalid")
// when an address, name, subject, id or loop_id bears control characters (reliability.md E05), or
// there is no from or no recipient at all.
GBytes *mail_encode(const Outgoing *outgoing, const char *loop_id,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
