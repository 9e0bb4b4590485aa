// What a browser bears on its way to a provider and back, sealed in a cookie: so the way back is
// that browser's alone, and strangers who begin a thousand sign-ins take no room (reliability.md
// O03). Used by the resources of signing in by a provider.
#pragma once

#include "api/call.h"

typedef struct {
    Id provider_id;
    char *state;
    char *nonce;
    char *verifier;   // of PKCE
    char *return_to;  // a path of ours
    char *invitation; // its token, or NULL
    Id agent_id;      // who links an account; 0: signing in
    Instant expires_at;
} OidcState;

void oidc_state_free(OidcState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OidcState, oidc_state_free)

// Fresh state, nonce and verifier.
OidcState *oidc_state_new(Id provider_id, const char *return_to) G_GNUC_WARN_UNUSED_RESULT;

void oidc_state_set_cookie(ApiCall *call, const OidcState *state);

// NULL where there is none, it is not ours, or it has expired.
OidcState *oidc_state_read_cookie(const ApiCall *call) G_GNUC_WARN_UNUSED_RESULT;
