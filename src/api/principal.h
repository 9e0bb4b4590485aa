// Who is asking: an agent by a bearer token or a session, the local administrator (control socket,
// or dialogctl in process), or nobody. Made by api/authentication and the server, read by the
// router and the handlers. Not a place for rights of single conversations (store/visibility.h).
#pragma once

#include "base/id.h"
#include "model/event.h"
#include "model/permission.h"

typedef struct {
    gboolean is_known;         // FALSE: nobody
    PermissionSet permissions; // of the role, narrowed by the token's scopes
    Id agent_id;               // 0 for the local administrator
    Id token_id;               // 0 without a token
    Id session_id;             // 0 without a session
    gboolean is_local;         // came over the control socket or in process
} Principal;

#define PRINCIPAL_NOBODY ((Principal){.is_known = FALSE})
#define PRINCIPAL_LOCAL                                                                            \
    ((Principal){.is_known = TRUE, .permissions = permission_set_all(), .is_local = TRUE})

static inline gboolean principal_may(const Principal *principal, Permission permission) {
    return permission_set_has(principal->permissions, permission);
}

// From whom something may be hidden (store/visibility.h): the agent, or 0 for who sees everything.
static inline Id principal_viewer(const Principal *principal) {
    return principal_may(principal, PERMISSION_SEE_EVERYTHING) ? 0 : principal->agent_id;
}

// Nobody hands on more than it has: a role, a token's scopes.
static inline gboolean principal_may_grant(const Principal *principal, PermissionSet permissions) {
    return (permissions & ~principal->permissions) == 0;
}

// How events and audit rows name them: an agent, or the system where the local administrator acts
// for nobody.
static inline Actor principal_actor(const Principal *principal) {
    return principal->agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM;
}
