// Agents, their roles and teams. Used by the API's resources and by whoever shows or assigns
// people. Never gives out a password hash.
#pragma once

#include "store/db.h"

typedef struct {
    Id id;
    char *email; // lower case
    char *name;
    char *role; // its name (store/role.h)
    char *signature;
    Instant created_at;
    Instant disabled_at; // INSTANT_NONE: may work
} Agent;

void agent_free(Agent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agent, agent_free)

// NULL with an error (not found: agent_unknown). agent_find gives NULL without one.
Agent *agent_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Agent *agent_find_by_email(Db *db, const char *email, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Of Agent, by name; disabled ones too.
GPtrArray *agent_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Error (conflict: agent_exists) for an address that is taken.
gboolean agent_add(Db *db, const Agent *agent, GError **error);

// Writes name, role, signature and disabled_at. Disabling also revokes the agent's tokens and ends
// its sessions.
gboolean agent_change(Db *db, const Agent *agent, GError **error);

// Of the mails that dialogd writes to them.
gboolean agent_set_language(Db *db, Id id, const char *language, GError **error);

// Administrators who are not disabled.
gboolean agent_count_administrators(Db *db, gint64 *count, GError **error);
