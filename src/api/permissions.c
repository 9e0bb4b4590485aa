#include "api/permissions.h"

#include "base/error.h"

json_t *permissions_to_json(PermissionSet set) {
    json_t *list = json_array();
    for (guint at = 0; at < PERMISSIONS; at++)
        if (permission_set_has(set & permission_set_all(), (Permission)at))
            json_array_append_new(list, json_string(permission_name((Permission)at)));
    return list;
}

gboolean permissions_read(const char *name, const json_t *list, PermissionSet *set,
                          GError **error) {
    size_t at;
    const json_t *item;
    *set = 0;
    if (!json_is_array(list)) {
        error_set(error, ERROR_INVALID, "field_invalid", "%s must be a list of permissions", name);
        return FALSE;
    }
    json_array_foreach(list, at, item) {
        Permission permission;
        if (!json_is_string(item) || !permission_parse(json_string_value(item), &permission)) {
            error_set(error, ERROR_INVALID, "permission_unknown",
                      "%s names a permission that there is not: see GET /api/v1/permissions", name);
            return FALSE;
        }
        *set |= PERMISSION_BIT(permission);
    }
    return TRUE;
}
