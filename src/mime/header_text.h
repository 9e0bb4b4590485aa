// Unstructured header values -> UTF-8: encoded words (RFC 2047, and what passes for them), raw
// 8-bit text. Used by the mail decoder only. Linear in the length, never fails.
#pragma once

#include <glib.h>

#define HEADER_TEXT_MAXIMUM 8192 // bytes of a decoded value; longer ones are cut

// value: one line (header_field_unfold). Encoded words one after another are joined before their
// charset is decoded, so that characters split between them survive. Control characters become
// blanks; trimmed.
char *header_text_decode(const char *value) G_GNUC_WARN_UNUSED_RESULT;

// Whether an encoded word begins here; *end is set behind it.
gboolean header_text_is_word(const char *text, const char **end);
