// Public keys as JSON (RFC 7517, 7518) and their signatures, by OpenSSL. Internal to net/jwt.
#pragma once

#include <glib.h>
#include <jansson.h>

// Whether the key is one for signatures of this algorithm ("RS256", "ES256").
gboolean jwt_key_fits(const json_t *key, const char *algorithm);

// FALSE for a wrong signature, and for a key that is none.
gboolean jwt_key_verify(const json_t *key, const char *algorithm, const char *text,
                        GBytes *signature);
