// Raw mail -> Incoming with its Mail: the email kind's decoder. Runs in a parser process (see
// parser_pool.h), in fuzzers and tests; nobody else calls it on strangers' bytes. Pure: no I/O, no
// clock, the same bytes give the same result.
#pragma once

#include "model/incoming.h"

// Limits on what is read of one mail; what goes beyond is left out (headers) or stays bytes
// (parts), never an error.
#define MAIL_HEADERS_MAXIMUM 1000          // fields of one header block
#define MAIL_HEADER_BYTES_MAXIMUM 262144   // of one header block
#define MAIL_HEADER_LINE_MAXIMUM 102400    // bytes of one field
#define MAIL_ADDRESS_BYTES_MAXIMUM 16384   // of one address header
#define MAIL_DEPTH_MAXIMUM 100             // nested multiparts
#define MAIL_PARTS_MAXIMUM 1000            // parts of one mail
#define MAIL_REFERENCES_MAXIMUM 100        // ids kept of References, the newest
#define MAIL_TEXT_BYTES_MAXIMUM (4u << 20) // of text and of html

// Every field of Incoming and Mail; attachments come with their decoded bytes. occurred_at is
// INSTANT_NONE and is_outbound FALSE: the fetcher knows. NULL with an error (invalid) only for an
// empty mail.
Incoming *mail_decode(GBytes *raw, GError **error) G_GNUC_WARN_UNUSED_RESULT;
