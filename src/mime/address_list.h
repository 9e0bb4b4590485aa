// Address headers -> parties: mailboxes, names, groups, comments (RFC 5322 3.4 and what passes for
// it). Used by the mail decoder only. One pass without recursion, so that nesting costs nothing
// (reliability.md M02). Never fails.
#pragma once

#include "model/party.h"

// Appends the mailboxes of one header value (one line) to parties (of Party). Groups are dissolved,
// names decoded. What bears no "@" and stands outside <> is a name with the address "".
void address_list_parse(const char *value, GPtrArray *parties);

// The local@domain in a text such as "rfc822; <a@b>", or NULL.
char *address_find(const char *text) G_GNUC_WARN_UNUSED_RESULT;
