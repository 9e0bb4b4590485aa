// Bearer tokens of the API: 256 random bits, shown once, kept as SHA-256. Used by
// api/authentication and api/tokens. The token itself never reaches the database.
#pragma once

#include "model/permission.h"
#include "store/db.h"

#define TOKEN_PREFIX "dlg_"

typedef struct {
    Id id;
    Id agent_id;
    PermissionSet permissions; // of its agent, narrowed by its scopes
    Instant last_used_at;      // INSTANT_NONE: never
} TokenOwner;

// The SHA-256 that stands for a token.
void token_hash(const char *token, guint8 sha256[32]);

// The live token (not expired, not revoked, agent not disabled) of this hash. *found says whether
// there is one. FALSE with an error.
gboolean token_find(Db *db, const guint8 sha256[32], Instant now, TokenOwner *owner,
                    gboolean *found, GError **error);

// expires_at INSTANT_NONE: never. scopes as permission_set_format writes them; NULL: all that its
// agent may. Error (not found) when there is no such agent.
gboolean token_add(Db *db, Id id, Id agent_id, const char *name, const guint8 sha256[32],
                   const char *scopes, Instant now, Instant expires_at, GError **error);

// Error (not found) for an unknown one; a revoked one stays revoked.
gboolean token_revoke(Db *db, Id id, Instant now, GError **error);

gboolean token_mark_used(Db *db, Id id, Instant now, GError **error);
