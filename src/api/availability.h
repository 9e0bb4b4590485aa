// How agents stand to new conversations, in JSON. Used by api/agents beside what it shows.
#pragma once

#include <jansson.h>

#include "store/db.h"

// Gives each agent of the array (objects with an "id") its "availability".
gboolean availability_add_to(Db *db, json_t *agents, GError **error);
