// Bodies on their way out: lines of CRLF, 7-bit clean, at most 76 columns where they are encoded.
// Used by mail_encode only.
#pragma once

#include <glib.h>

// The transfer encoding that suits a text: "7bit", "quoted-printable" or "base64". Static.
const char *encode_body_choose(const char *text);

// Appends the text in that encoding; ends with CRLF.
void encode_body_text(GString *out, const char *text, const char *encoding);

// Appends base64 in lines.
void encode_body_bytes(GString *out, GBytes *bytes);
