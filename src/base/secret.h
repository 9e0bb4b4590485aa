// Secrets: random tokens, sealing at rest, password hashes. The only user of libsodium. Sealed
// values are XChaCha20-Poly1305 with the row they belong to as associated data, so that a
// ciphertext moved to another row does not open (reliability.md K01). The key lives in a file
// outside the database, never in a backup.
#pragma once

#include <glib.h>

typedef struct SecretKey SecretKey;

// Starts libsodium. Once per process, before any other function here.
void secret_init(void);

// Reads the 32-byte key file (mode 0400 or 0600), or makes it when create is set and it is absent.
// NULL with an error (unavailable) when it is missing, of the wrong size, or readable by others.
SecretKey *secret_key_load(const char *path, gboolean create,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void secret_key_free(SecretKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretKey, secret_key_free)

// owner names table, row and column, e.g. "channel/123/secrets".
GBytes *secret_seal(const SecretKey *key, const char *owner,
                    GBytes *plain) G_GNUC_WARN_UNUSED_RESULT;

// NULL with an error (unavailable) when the key or the owner is not the one that sealed it.
GBytes *secret_open(const SecretKey *key, const char *owner, GBytes *sealed,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// HMAC-SHA256 under a key derived from the key file for this purpose ("message-id", "plus-token",
// ...). mac has 32 bytes.
void secret_sign(const SecretKey *key, const char *purpose, const void *data, gsize length,
                 guint8 mac[32]);

// bits/8 random bytes in URL-safe base64 without padding, after the prefix.
char *secret_token(const char *prefix, guint bits) G_GNUC_WARN_UNUSED_RESULT;

// Constant time in the contents; false for different lengths.
gboolean secret_equal(const void *a, gsize a_length, const void *b, gsize b_length);

// size random bytes.
void secret_random(void *bytes, gsize size);

// argon2id, t=2 m=64 MiB (reliability.md 4). About 200 ms: never on an http thread.
char *secret_password_hash(const char *password) G_GNUC_WARN_UNUSED_RESULT;

// hash NULL (nobody, or no password is set): FALSE, after the time that a hash takes.
gboolean secret_password_matches(const char *hash, const char *password);

// For tests that hash much: hashes made from now on are cheap, and worth nothing.
void secret_password_cheapen(void);
