// Who is asking: an agent by a bearer token, the local administrator (control socket, or dialogctl
// in process), or nobody. Made by api/authentication and the server, read by the router and the
// handlers. Not a place for rights of single conversations.
#pragma once

#include "base/id.h"
#include "model/event.h"
#include "model/role.h"

typedef struct {
    Role role;         // ROLE_NONE: nobody is known
    Id agent_id;       // 0 for the local administrator
    Id token_id;       // 0 without a token
    gboolean is_local; // came over the control socket or in process
} Principal;

#define PRINCIPAL_NOBODY ((Principal){.role = ROLE_NONE})
#define PRINCIPAL_LOCAL ((Principal){.role = ROLE_ADMINISTRATOR, .is_local = TRUE})

// How events and audit rows name them: an agent, or the system where the local administrator acts
// for nobody.
static inline Actor principal_actor(const Principal *principal) {
    return principal->agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM;
}
