// Header fields on their way out: folding, encoded words (RFC 2047), addresses, parameters
// (RFC 2231). Used by mail_encode only. Values must be free of control characters already.
#pragma once

#include "model/party.h"

// Appends "name: value" with CRLF, folded at blanks to 78 columns; value is written as it is.
void encode_header_folded(GString *out, const char *name, const char *value);

// Unstructured text; what is not plain ASCII becomes encoded words in UTF-8.
void encode_header_text(GString *out, const char *name, const char *text);

// A list of Party; nothing is written for an empty list.
void encode_header_parties(GString *out, const char *name, const GPtrArray *parties);

// Message-IDs without <>; nothing is written for none. Of long lists the first and the last 20.
void encode_header_ids(GString *out, const char *name, char *const *ids);

// Appends "; name=value" to a header that is being written, on a line of its own; quoted, or in the
// extended form where it is not plain ASCII.
void encode_header_parameter(GString *out, const char *name, const char *value);

// local@domain with the domain in ASCII (RFC 5890); NULL when it is none that can be sent to.
char *encode_address(const char *address) G_GNUC_WARN_UNUSED_RESULT;
