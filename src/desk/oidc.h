// OpenID Connect as a client: what a provider says of itself and its keys (kept for an hour), the
// trade of a code for an ID token, and that token checked. Blocks: only on threads that may. Used
// by the resource of signing in by a provider.
#pragma once

#include "net/http_client.h"
#include "net/jwt.h"

typedef struct Oidc Oidc;

// http is borrowed. allow_private: providers in private networks, and there without TLS (the
// operator's setting); ca_file: to trust in place of the system's, NULL: the system's.
Oidc *oidc_new(HttpClient *http, gboolean allow_private,
               const char *ca_file) G_GNUC_WARN_UNUSED_RESULT;
void oidc_free(Oidc *oidc);

// FALSE with an error (invalid: issuer_invalid) for what no issuer is.
gboolean oidc_check_issuer(const Oidc *oidc, const char *issuer, GError **error);

// The provider's page to sign in at; owned. NULL with an error (upstream).
char *oidc_find_page(Oidc *oidc, const char *issuer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    const char *issuer;
    const char *client_id;
    const char *client_secret; // NULL: a public client
    const char *redirect_uri;
    const char *code;
    const char *verifier; // of PKCE
    const char *nonce;
} OidcReturn;

// Trades the code and checks the ID token; owned. NULL with an error (upstream, unauthenticated).
Jwt *oidc_redeem(Oidc *oidc, const OidcReturn *back, GError **error) G_GNUC_WARN_UNUSED_RESULT;
