// IMAP's ways of writing things: mailbox names in modified UTF-7 (RFC 3501 5.1.3), quoted strings,
// sets of UIDs, INTERNALDATE. Pure. What is quoted here cannot break out of its command
// (reliability.md E08).
#pragma once

#include "base/clock.h"

// A mailbox name as the server spells it. NULL with an error (invalid) when it is not UTF-8, is
// empty or longer than 1,000 bytes. INBOX is spelled so whatever its case.
char *imap_name_encode(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Back to UTF-8; what is not modified UTF-7 comes back as it is, made valid.
char *imap_name_decode(const char *encoded) G_GNUC_WARN_UNUSED_RESULT;

// "text" with \ before " and \. NULL with an error (invalid) for anything but printable ASCII.
char *imap_quote(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// "1:3,5,9:12" of rising numbers.
char *imap_set_format(const guint32 *uids, gsize count) G_GNUC_WARN_UNUSED_RESULT;

// "17-Jul-1996 02:44:25 -0700", or INSTANT_NONE.
Instant imap_date_parse(const char *text);
char *imap_date_format(Instant instant) G_GNUC_WARN_UNUSED_RESULT;
