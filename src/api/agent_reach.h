// Nobody handles an agent who may do more than itself: no tokens, second factors, sessions or
// passwords of theirs. Used by the resources that act on other agents.
#pragma once

#include "api/call.h"

// FALSE with an error (not found: agent_unknown, denied: role_beyond_yours).
gboolean agent_reach_check(const ApiCall *call, Db *db, Id agent_id, GError **error);
