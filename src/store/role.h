// Roles: the built-in ones and those that administrators made. Used by agents, tokens and sessions
// to learn what somebody may do, and by the API's resource. A role is named by agent.role.
#pragma once

#include "model/role.h"
#include "store/db.h"

// What the role of this name grants; *found FALSE and nothing for an unknown one.
gboolean role_find(Db *db, const char *name, PermissionSet *permissions, gboolean *found,
                   GError **error);

// conflict (role_exists) for a name that is taken, built-in ones too.
gboolean role_add(Db *db, Id id, const char *name, PermissionSet permissions, Instant now,
                  GError **error);

// Renames it with its agents, and sets what it grants. not_found (role_unknown).
gboolean role_change(Db *db, Id id, const char *name, PermissionSet permissions, GError **error);

// conflict (role_in_use) while an agent has it.
gboolean role_remove(Db *db, Id id, GError **error);
