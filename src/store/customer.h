// Customers and their identities: who writes to us, by which addresses. A merged customer keeps its
// row and points to the one that it was merged into, so that a merge can be undone. Writer jobs,
// and reads by anybody.
#pragma once

#include "store/db.h"

typedef struct {
    Id id;
    Id customer_id; // the customer that stands for it now: merges followed
    gboolean is_blocked;
} Identity;

// Finds the identity of this kind, scope ("" or a channel id in decimal) and normalized address.
// *found tells.
gboolean identity_find(Db *db, const char *kind, const char *scope, const char *address,
                       Identity *identity, gboolean *found, GError **error);

// Adds a customer (named name or "") with its first identity.
gboolean customer_add(Db *db, const char *kind, const char *scope, const char *address,
                      const char *name, const char *language, Identity *identity, GError **error);

// Adds an address to a customer; its version counts up. Errors: conflict where it is somebody's.
gboolean identity_add(Db *db, Id customer_id, const char *kind, const char *scope,
                      const char *address, const char *name, Id *identity_id, GError **error);

// Takes an address away that no message bears. Errors: conflict (identity_in_use).
gboolean identity_remove(Db *db, Id identity_id, Id customer_id, GError **error);

// Fills in a name or language that was not known before.
gboolean customer_learn(Db *db, Id identity_id, const char *name, const char *language,
                        GError **error);

// The customer that stands for this one now.
gboolean customer_find_root(Db *db, Id customer_id, Id *root, GError **error);

// Whether an identity takes messages from us, as of the instant version; an older word changes
// nothing.
gboolean identity_set_blocked(Db *db, Id identity_id, gboolean is_blocked, Instant version,
                              GError **error);
