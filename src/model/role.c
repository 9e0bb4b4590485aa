#include "model/role.h"

#include <string.h>

#define BIT(name) PERMISSION_BIT(PERMISSION_##name)
#define AGENT_SET                                                                                  \
    (BIT(CONVERSATION_READ) | BIT(CONVERSATION_CHANGE) | BIT(MESSAGE_SEND) | BIT(NOTE_WRITE) |     \
     BIT(CUSTOMER_READ) | BIT(CUSTOMER_CHANGE))
#define SUPERVISOR_SET                                                                             \
    (AGENT_SET | BIT(CONVERSATION_BULK) | BIT(REPORT_READ) | BIT(WORKSPACE_SHARE) |                \
     BIT(TEAM_MANAGE) | BIT(RULE_MANAGE) | BIT(DATA_EXPORT) | BIT(AUDIT_READ) |                    \
     BIT(SEE_EVERYTHING))
#define ADMINISTRATOR_SET                                                                          \
    (SUPERVISOR_SET | BIT(CUSTOMER_ERASE) | BIT(AGENT_MANAGE) | BIT(CHANNEL_MANAGE) |              \
     BIT(SYSTEM_MANAGE))

static const BuiltInRole roles[] = {
    {ROLE_AGENT, AGENT_SET},
    {ROLE_SUPERVISOR, SUPERVISOR_SET},
    {ROLE_ADMINISTRATOR, ADMINISTRATOR_SET},
    {NULL, 0},
};

const BuiltInRole *role_list_built_in(void) {
    return roles;
}

gboolean role_find_built_in(const char *name, PermissionSet *permissions) {
    for (const BuiltInRole *role = roles; role->name != NULL; role++)
        if (strcmp(role->name, name) == 0) {
            *permissions = role->permissions;
            return TRUE;
        }
    return FALSE;
}
