// Tags by name. Used within writer jobs by whatever takes names from people.
#pragma once

#include "store/db.h"

// The tag of that name, made when new.
gboolean tag_find_or_add(Db *db, const char *name, Id *id, GError **error);

// The workspace's own changes of a tag. Errors: not_found (tag_unknown), conflict (tag_exists).
// name and color NULL: as they are.
gboolean tag_change(Db *db, Id id, const char *name, const char *color, GError **error);
// Every conversation that has it has it no longer.
gboolean tag_remove(Db *db, Id id, GError **error);
// Every conversation that has from has into instead; from is no more.
gboolean tag_merge(Db *db, Id from, Id into, GError **error);
