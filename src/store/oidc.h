// Providers of OpenID Connect and who agents are there. An identity is the pair of issuer and
// subject; an email address never is (reliability.md O04). Used by the resources of signing in.
#pragma once

#include "base/secret.h"
#include "store/db.h"

typedef struct {
    Id id;
    char *name;
    char *issuer;
    char *client_id;
    char *client_secret; // opened; NULL: a public client
    char *domains;       // JSON list
    char *new_role;      // NULL: only known agents
} OidcProvider;

void oidc_provider_free(OidcProvider *provider);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OidcProvider, oidc_provider_free)

// Error (not found: provider_unknown) for an unknown or removed one.
OidcProvider *oidc_provider_get(Db *db, const SecretKey *key, Id id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// conflict (provider_exists) for a name that is taken.
gboolean oidc_provider_add(Db *db, const SecretKey *key, const OidcProvider *provider, Instant now,
                           GError **error);

// Writes all; client_secret NULL keeps what is there.
gboolean oidc_provider_change(Db *db, const SecretKey *key, const OidcProvider *provider,
                              GError **error);
gboolean oidc_provider_remove(Db *db, Id id, Instant now, GError **error);

// *agent_id 0: nobody. A disabled agent counts as nobody.
gboolean oidc_identity_find(Db *db, const char *issuer, const char *subject, Id *agent_id,
                            GError **error);

// conflict (identity_taken) when somebody is that already.
gboolean oidc_identity_add(Db *db, const char *issuer, const char *subject, Id agent_id,
                           Instant now, GError **error);
gboolean oidc_identity_note_use(Db *db, const char *issuer, const char *subject, Instant now,
                                GError **error);

// *removed: the agent had it.
gboolean oidc_identity_remove(Db *db, Id id, Id agent_id, gboolean *removed, GError **error);
