// Base64 as mail bears it (RFC 2045 6.8): junk between the digits is passed over, padding may be
// missing, and several padded pieces may stand one after another. Used by the mail decoder only.
#pragma once

#include <glib.h>

// Never fails; *size is the length of the result, which has no final NUL.
char *base64_decode(const char *text, gsize length, gsize *size) G_GNUC_WARN_UNUSED_RESULT;
