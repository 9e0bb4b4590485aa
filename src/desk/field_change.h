// Values of custom fields as agents, rules and macros set them: checked against the definitions,
// each change an event. Writer jobs only.
#pragma once

#include <jansson.h>

#include "model/event.h"
#include "store/db.h"

// values is an object of keys; null empties. Errors: invalid (field_unknown, field_value_invalid,
// field_required). conversation_id is no alias.
gboolean field_change_conversation(Db *db, Id conversation_id, const json_t *values, Actor actor,
                                   Id actor_id, GError **error);
