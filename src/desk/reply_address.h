// To whom a reply goes and what it refers to, from the headers of the messages before it. Pure.
// Used by desk/reply_prepare.
#pragma once

#include <jansson.h>

#include "model/party.h"

// The recipients that a message asks for: of one that came in, Reply-To, else From; of our own, its
// To. own_address (of the channel) is left out; a Reply-To of nothing but that counts as none. Of
// Party; may be empty.
GPtrArray *reply_address_default(const json_t *headers, gboolean is_out,
                                 const char *own_address) G_GNUC_WARN_UNUSED_RESULT;

// FALSE with an error (invalid) unless it is local@domain without control characters, blanks and
// angle brackets, of at most 320 bytes.
gboolean reply_address_check(const char *address, GError **error);

// References of a reply to a mail (RFC 5322 3.6.4): its own, or its In-Reply-To where that is the
// only one, then its id; the first and the last 20 when they are more.
char **reply_references(const json_t *headers, const char *message_id) G_GNUC_WARN_UNUSED_RESULT;

// "Re: subject", with one mark only.
char *reply_subject(const char *subject) G_GNUC_WARN_UNUSED_RESULT;
