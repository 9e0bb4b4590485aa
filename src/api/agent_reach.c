#include "api/agent_reach.h"

#include "base/error.h"
#include "store/agent.h"
#include "store/role.h"

gboolean agent_reach_check(const ApiCall *call, Db *db, Id agent_id, GError **error) {
    PermissionSet permissions;
    gboolean found;
    g_autoptr(Agent) agent = agent_get(db, agent_id, error);
    if (agent == NULL || !role_find(db, agent->role, &permissions, &found, error))
        return FALSE;
    if (principal_may_grant(api_call_principal(call), permissions))
        return TRUE;
    error_set(error, ERROR_DENIED, "role_beyond_yours",
              "this agent may do more than you: an administrator must do that");
    return FALSE;
}
