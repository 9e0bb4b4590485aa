// What somebody may do, as one word each. A role is a set of them, a token's scopes narrow it, and
// each route names the one that it needs. Used by roles, the router and whoever shows people. Knows
// nothing of single conversations: what an agent may see is store/visibility.h.
#pragma once

#include <glib.h>

typedef enum {
    // What a route may say beside the grantable ones.
    PERMISSION_ANYONE,    // nobody need be known: health, hooks, signing in
    PERMISSION_SIGNED_IN, // whoever is known, whatever the role
    PERMISSION_LOCAL,     // dialogctl on the server alone

    // Grantable.
    PERMISSION_CONVERSATION_READ,   // conversations, messages, waits, search, events
    PERMISSION_CONVERSATION_CHANGE, // status, assignee, tags, fields, merge, split, move
    PERMISSION_CONVERSATION_BULK,   // changes of all that a query finds
    PERMISSION_MESSAGE_SEND,        // replies, new conversations, undo, resend
    PERMISSION_NOTE_WRITE,          // internal notes
    PERMISSION_CUSTOMER_READ,
    PERMISSION_CUSTOMER_CHANGE, // names, identities, fields, merge
    PERMISSION_CUSTOMER_ERASE,  // export of all that is held on a person, and its erasure
    PERMISSION_REPORT_READ,     // everybody's figures
    PERMISSION_WORKSPACE_SHARE, // shared views, canned replies, macros; tags and fields
    PERMISSION_TEAM_MANAGE,     // teams and their members, others' availability
    PERMISSION_AGENT_MANAGE,    // agents, roles, their tokens and sessions
    PERMISSION_CHANNEL_MANAGE,
    PERMISSION_RULE_MANAGE,   // rules, SLA policies, web hooks out, assignment
    PERMISSION_SYSTEM_MANAGE, // intake, calendars, retention, rebuilding
    PERMISSION_AUDIT_READ,
    PERMISSION_DATA_EXPORT,    // exports of the whole store
    PERMISSION_SEE_EVERYTHING, // no channel or team is hidden
    PERMISSIONS,               // how many there are
} Permission;

typedef guint64 PermissionSet;

#define PERMISSION_BIT(permission) (G_GUINT64_CONSTANT(1) << (permission))

// All that can be granted.
PermissionSet permission_set_all(void);

gboolean permission_set_has(PermissionSet set, Permission permission);

// "conversation_read"; also "anyone", "signed_in", "local".
const char *permission_name(Permission permission);

// Only the grantable ones.
gboolean permission_parse(const char *name, Permission *permission);

// Names with spaces between, in the order above: how a set is stored. Owned.
char *permission_set_format(PermissionSet set) G_GNUC_WARN_UNUSED_RESULT;

// The same read back; words that this version does not know grant nothing.
PermissionSet permission_set_parse(const char *text);
