// Who is asking, from the Authorization header: bearer tokens, looked up by their SHA-256. Used by
// the router alone. Nothing of a token is ever logged or answered.
#pragma once

#include "api/call.h"

// FALSE with an error (unauthenticated) for a token that is unknown, expired or revoked, or whose
// agent is disabled; all with the same words. Without the header *principal stays.
gboolean authentication_check(ApiCall *call, Principal *principal, GError **error);
