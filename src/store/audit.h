// Who did what that matters to security (reliability.md K06): agents, roles, tokens, channels,
// exports. Written in the job that does it. Never contents, addresses or secrets.
#pragma once

#include <jansson.h>

#include "model/event.h"
#include "store/db.h"

// action e.g. "agent_added", object e.g. "agent". Takes data (NULL: {}).
gboolean audit_add(Db *db, Actor actor, Id actor_id, const char *action, const char *object,
                   Id object_id, json_t *data, GError **error);
