// Signatures over raw bytes as providers make them: HMAC-SHA256 in hexadecimal or base64, shared
// tokens. Used by the codecs' verify and encode. Every comparison takes constant time; a missing or
// malformed signature is just wrong.
#pragma once

#include <glib.h>

#define SIGNATURE_SIZE 32 // bytes of an HMAC-SHA256

// A run of bytes; several of them are signed as if they stood in one.
typedef struct {
    const void *data;
    gsize length;
} SignatureSpan;

// HMAC-SHA256 over the spans in order.
void signature_make(GBytes *key, const SignatureSpan *spans, gsize count,
                    guint8 mac[SIGNATURE_SIZE]);

// Base64 with or without padding, of the usual or the URL-safe alphabet. NULL when it is none.
GBytes *signature_base64_decode(const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;

// TRUE where text (length bytes) is this mac in base64 or in lower-case hexadecimal.
gboolean signature_is_base64(const guint8 mac[SIGNATURE_SIZE], const char *text, gsize length);
gboolean signature_is_hex(const guint8 mac[SIGNATURE_SIZE], const char *text, gsize length);

// TRUE where given equals one of the secrets (either may be NULL), for tokens sent in the clear and
// for changing them without a gap.
gboolean signature_is_token(const char *given, const char *secret, const char *former);
