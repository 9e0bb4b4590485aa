// What an agent proves who they are with: the hash of a password, a sealed TOTP seed, recovery
// codes. Used by desk/sign_in and desk/second_factor. Nothing of it is ever given to the API.
#pragma once

#include "store/db.h"

typedef struct {
    Id agent_id;
    char *email;
    char *name;
    char *password_hash; // NULL: none set
    gboolean has_totp;   // confirmed
    gboolean is_disabled;
} Credential;

void credential_free(Credential *credential);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Credential, credential_free)

// NULL without an error when there is no such agent.
Credential *credential_find_by_email(Db *db, const char *email,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
// Error (not found: agent_unknown) when there is none.
Credential *credential_get(Db *db, Id agent_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean credential_set_password(Db *db, Id agent_id, const char *hash, Instant now,
                                 GError **error);

// TRUE in *exists when an administrator who may work can sign in: by a password or a provider.
gboolean credential_administrator_exists(Db *db, gboolean *exists, GError **error);

typedef struct {
    GBytes *seed;     // sealed; NULL: none
    gint64 last_step; // no code of it or before counts again
    gboolean is_confirmed;
} CredentialTotp;

void credential_totp_clear(CredentialTotp *totp);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CredentialTotp, credential_totp_clear)

gboolean credential_totp_find(Db *db, Id agent_id, CredentialTotp *totp, GError **error);

// Replaces one that is not confirmed yet.
gboolean credential_totp_add(Db *db, Id agent_id, GBytes *seed, Instant now, GError **error);
gboolean credential_totp_confirm(Db *db, Id agent_id, gint64 step, Instant now, GError **error);
gboolean credential_totp_note_step(Db *db, Id agent_id, gint64 step, GError **error);

// Takes the second factor away, recovery codes too.
gboolean credential_totp_remove(Db *db, Id agent_id, GError **error);

// Each mac has 32 bytes. Replaces all of the agent's.
gboolean credential_codes_set(Db *db, Id agent_id, const guint8 (*macs)[32], gsize count,
                              GError **error);

// *won: it was there and unused.
gboolean credential_code_use(Db *db, Id agent_id, const guint8 mac[32], Instant now, gboolean *won,
                             GError **error);
gboolean credential_codes_left(Db *db, Id agent_id, gint64 *count, GError **error);
