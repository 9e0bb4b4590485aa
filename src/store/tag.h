// Tags by name. Used within writer jobs by whatever takes names from people.
#pragma once

#include "store/db.h"

// The tag of that name, made when new.
gboolean tag_find_or_add(Db *db, const char *name, Id *id, GError **error);
