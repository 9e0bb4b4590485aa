#include "model/permission.h"

#include <string.h>

#define GRANTABLE_FIRST PERMISSION_CONVERSATION_READ

static const char *const names[PERMISSIONS] = {
    [PERMISSION_ANYONE] = "anyone",
    [PERMISSION_SIGNED_IN] = "signed_in",
    [PERMISSION_LOCAL] = "local",
    [PERMISSION_CONVERSATION_READ] = "conversation_read",
    [PERMISSION_CONVERSATION_CHANGE] = "conversation_change",
    [PERMISSION_CONVERSATION_BULK] = "conversation_bulk",
    [PERMISSION_MESSAGE_SEND] = "message_send",
    [PERMISSION_NOTE_WRITE] = "note_write",
    [PERMISSION_CUSTOMER_READ] = "customer_read",
    [PERMISSION_CUSTOMER_CHANGE] = "customer_change",
    [PERMISSION_CUSTOMER_ERASE] = "customer_erase",
    [PERMISSION_REPORT_READ] = "report_read",
    [PERMISSION_WORKSPACE_SHARE] = "workspace_share",
    [PERMISSION_TEAM_MANAGE] = "team_manage",
    [PERMISSION_AGENT_MANAGE] = "agent_manage",
    [PERMISSION_CHANNEL_MANAGE] = "channel_manage",
    [PERMISSION_RULE_MANAGE] = "rule_manage",
    [PERMISSION_SYSTEM_MANAGE] = "system_manage",
    [PERMISSION_AUDIT_READ] = "audit_read",
    [PERMISSION_DATA_EXPORT] = "data_export",
    [PERMISSION_SEE_EVERYTHING] = "see_everything",
};

PermissionSet permission_set_all(void) {
    return PERMISSION_BIT(PERMISSIONS) - PERMISSION_BIT(GRANTABLE_FIRST);
}

gboolean permission_set_has(PermissionSet set, Permission permission) {
    return (set & PERMISSION_BIT(permission)) != 0;
}

const char *permission_name(Permission permission) {
    return names[permission];
}

gboolean permission_parse(const char *name, Permission *permission) {
    for (guint at = GRANTABLE_FIRST; at < PERMISSIONS; at++)
        if (strcmp(names[at], name) == 0) {
            *permission = (Permission)at;
            return TRUE;
        }
    return FALSE;
}

char *permission_set_format(PermissionSet set) {
    GString *text = g_string_new(NULL);
    for (guint at = GRANTABLE_FIRST; at < PERMISSIONS; at++)
        if (permission_set_has(set, (Permission)at))
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", names[at]);
    return g_string_free(text, FALSE);
}

PermissionSet permission_set_parse(const char *text) {
    PermissionSet set = 0;
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (char **word = words; *word != NULL; word++) {
        Permission permission;
        if (permission_parse(*word, &permission))
            set |= PERMISSION_BIT(permission);
    }
    return set;
}
