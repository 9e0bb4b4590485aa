// Inviting an agent, shared by the invitation's own resource and the one that adds agents.
#pragma once

#include "api/call.h"
#include "api/rows.h"

// Within a writer job: a new one-use link by mail, the former one void, and the audit row.
gboolean invitation_write(ApiCall *call, Db *db, Id agent_id, GError **error);
