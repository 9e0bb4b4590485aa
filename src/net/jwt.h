// JSON web tokens as OpenID Connect's ID tokens are (RFC 7515, 7517, 7519): decoding, and checking
// the signature with a provider's keys. RS256 and ES256 alone; a token never says where its key is
// (reliability.md O01). Pure; the decoder takes any bytes. Used by desk/oidc.
#pragma once

#include <jansson.h>

#include "base/clock.h"

#define JWT_MAX 16384 // bytes

typedef struct {
    json_t *header;
    json_t *claims;
    GBytes *signature;
    char *signed_part; // what the signature is of
} Jwt;

// NULL with an error (unauthenticated: jwt_invalid) for what is no token of three parts with JSON
// objects in it.
Jwt *jwt_decode(const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void jwt_free(Jwt *jwt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Jwt, jwt_free)

// The kid that its key has, or NULL. Borrowed.
const char *jwt_key_id(const Jwt *jwt);

// TRUE when a key of the set (RFC 7517: {"keys": [...]}) made the signature. FALSE with an error
// (unauthenticated: jwt_algorithm, jwt_key_unknown, jwt_signature).
gboolean jwt_check_signature(const Jwt *jwt, const json_t *keys, GError **error);

typedef struct {
    const char *issuer;
    const char *client_id;
    const char *nonce;
    Instant now;
} JwtWanted;

// What OpenID Connect Core 3.1.3.7 asks of the claims, with a minute for clocks that differ. FALSE
// with an error (unauthenticated: jwt_issuer, jwt_audience, jwt_nonce, jwt_expired, jwt_not_yet,
// jwt_subject).
gboolean jwt_check_claims(const Jwt *jwt, const JwtWanted *wanted, GError **error);

// URL-safe base64 without padding; nothing else is taken. NULL for anything else.
GBytes *jwt_base64_decode(const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;
char *jwt_base64_encode(const void *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;
