// The roles that every store has, as sets of permissions. Others are made by administrators and
// live in the store (store/role.h), under the same names in agent.role. Pure.
#pragma once

#include "model/permission.h"

#define ROLE_AGENT "agent"                 // works on conversations
#define ROLE_SUPERVISOR "supervisor"       // also everybody's figures, teams, rules; sees all
#define ROLE_ADMINISTRATOR "administrator" // everything

typedef struct {
    const char *name; // a NULL name ends the list
    PermissionSet permissions;
} BuiltInRole;

// The three of them.
const BuiltInRole *role_list_built_in(void);

// FALSE for any other name.
gboolean role_find_built_in(const char *name, PermissionSet *permissions);
