// The second factor of an agent: TOTP and recovery codes. Seeds are sealed with the agent's row as
// owner; a code counts once. Used by the resources of signing in within writer jobs.
#pragma once

#include "base/secret.h"
#include "store/db.h"

#define SECOND_FACTOR_CODES 10

// Begins: a seed that is not in force before it is confirmed. *secret (base32) and *uri are owned.
// FALSE with an error (conflict: totp_enrolled) when one is in force.
gboolean second_factor_begin(Db *db, const SecretKey *key, Id agent_id, char **secret, char **uri,
                             GError **error);

// The first code of the app: now it is in force. FALSE with an error (invalid: code_wrong,
// conflict: totp_not_begun).
gboolean second_factor_confirm(Db *db, const SecretKey *key, Id agent_id, const char *code,
                               Instant now, GError **error);

// New recovery codes in place of all others; of owned texts.
GPtrArray *second_factor_make_codes(Db *db, const SecretKey *key, Id agent_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// code or recovery_code (one of them NULL) is used up. FALSE with an error (unauthenticated:
// code_wrong) for a wrong one, one that was used, and an agent without.
gboolean second_factor_use(Db *db, const SecretKey *key, Id agent_id, const char *code,
                           const char *recovery_code, Instant now, GError **error);
