// Sets of permissions as JSON, for roles, tokens and whoever shows what somebody may do.
#pragma once

#include <jansson.h>

#include "model/permission.h"

// A list of names.
json_t *permissions_to_json(PermissionSet set) G_GNUC_WARN_UNUSED_RESULT;

// The same read back. FALSE with an error (invalid) that names what is not grantable.
gboolean permissions_read(const char *name, const json_t *list, PermissionSet *set, GError **error);
