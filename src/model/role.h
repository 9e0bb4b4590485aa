// What an agent may do, in three steps that include each other. Used by store/agent, the router's
// permissions and whoever shows people. Knows nothing of tokens or routes.
#pragma once

#include <glib.h>

typedef enum {
    ROLE_NONE,          // nobody is known
    ROLE_AGENT,         // works on conversations
    ROLE_SUPERVISOR,    // sees everybody's figures, changes teams and tags
    ROLE_ADMINISTRATOR, // channels, agents, tokens, intake
} Role;

// "agent", "supervisor", "administrator"; "none".
const char *role_name(Role role);

// FALSE for any other word, "none" among them.
gboolean role_parse(const char *name, Role *role);
