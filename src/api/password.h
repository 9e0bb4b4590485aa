// Setting a password, shared by every way to one: by its owner, an invitation, a reset, the set-up,
// the local administrator.
#pragma once

#include "api/call.h"

// Checks the password of this agent, hashes it on the gate's threads (which blocks, so only there)
// and gives the hash; owned. NULL with an error (invalid). Call it from an api_call_hash handler.
char *password_make_hash(const char *password, const char *email, const char *name,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Within a writer job: sets it, ends the agent's sessions but kept (0: all), makes other tickets of
// theirs void, and writes the audit row.
gboolean password_write(ApiCall *call, Db *db, Id agent_id, const char *hash, Id kept,
                        GError **error);
