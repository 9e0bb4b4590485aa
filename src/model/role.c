#include "model/role.h"

#include <string.h>

static const char *const names[] = {
    [ROLE_NONE] = "none",
    [ROLE_AGENT] = "agent",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_ADMINISTRATOR] = "administrator",
};

const char *role_name(Role role) {
    return names[role];
}

gboolean role_parse(const char *name, Role *role) {
    for (guint at = ROLE_AGENT; at < G_N_ELEMENTS(names); at++)
        if (strcmp(names[at], name) == 0) {
            *role = (Role)at;
            return TRUE;
        }
    return FALSE;
}
