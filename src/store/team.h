// Teams of agents. Used by the API's resources.
#pragma once

#include "store/db.h"

// conflict (team_exists) for a name that is taken.
gboolean team_add(Db *db, Id id, const char *name, Instant now, GError **error);
gboolean team_rename(Db *db, Id id, const char *name, GError **error);

// A private team's conversations are for its members (store/visibility.h, refresh it afterwards).
gboolean team_set_private(Db *db, Id id, gboolean is_private, GError **error);

// Makes these, and no others, the agent's teams. not_found (team_unknown) for an unknown one.
gboolean team_set_of_agent(Db *db, Id agent_id, const Id *teams, gsize count, GError **error);

// TRUE with *exists. FALSE with an error.
gboolean team_exists(Db *db, Id id, gboolean *exists, GError **error);
