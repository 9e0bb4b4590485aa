// Whether somebody has proved who they are lately, before passwords, second factors and tokens are
// changed (reliability.md A16). Used by those resources.
#pragma once

#include "api/call.h"

// FALSE with an error (denied: session_needed) for whoever is not in a session of a browser.
gboolean confirmation_session(const ApiCall *call, GError **error);

// FALSE with an error (denied: confirmation_needed) in a session that was confirmed over 15 minutes
// ago. Tokens and the local administrator pass.
gboolean confirmation_check(ApiCall *call, GError **error);
