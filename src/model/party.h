// A person or mailbox as a message names it: an address in its channel's kind, and the name shown
// with it. Used by every codec and by the desk. Not an identity: that is a row of the store.
#pragma once

#include <glib.h>

typedef struct {
    char *address; // email: local@domain as written; telegram: the user id. Owned.
    char *name;    // as shown, UTF-8, or NULL. Owned.
} Party;

// Copies both; name may be NULL.
Party *party_new(const char *address, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void party_free(Party *party);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Party, party_free)

// An empty GPtrArray that owns Party.
GPtrArray *party_list_new(void) G_GNUC_WARN_UNUSED_RESULT;

// The address as compared and stored in identities: the domain in lower case, and for email the
// local part too (RFC 5321 2.4 allows case, nobody uses it). Owned by the caller.
char *party_address_normalize(const char *address) G_GNUC_WARN_UNUSED_RESULT;
