// The header fields that Mail keeps: parties, ids, dates, routing. Used by the mail decoder only.
#pragma once

#include "mime/header_block.h"
#include "model/incoming.h"

// Fills mail's header fields, and subject, from and message_key of incoming, whose mail is set.
void mail_headers_read(const HeaderBlock *headers, Incoming *incoming);

// The first mailbox of a field, or NULL.
Party *mail_headers_party(const HeaderBlock *headers, const char *name) G_GNUC_WARN_UNUSED_RESULT;
