// Who is asking: a bearer token of the Authorization header or the session of a cookie, looked up
// by their SHA-256, never both. Used by the router alone. Nothing of either is ever logged or
// answered.
#pragma once

#include "api/call.h"

// FALSE with an error (unauthenticated) for a token or session that is unknown, expired or ended,
// or whose agent is disabled; all with the same words. Denied where a session's request that
// changes something does not come from our own page (api/same_origin.h), limit where a token asks
// too often. Without either *principal stays.
gboolean authentication_check(ApiCall *call, Principal *principal, GError **error);
