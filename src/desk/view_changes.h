// Which conversations committed events are about, and what makes every count doubtful. Used by
// desk/view_counter alone.
#pragma once

#include "store/db.h"

// Adds the ids of conversations that events after *seq are about to ids (a set of Id as pointers),
// moves *seq on; *has_more when there are further ones. *is_wide is set when an event is about more
// than conversations.
gboolean view_changes_read(Db *db, gint64 *seq, GHashTable *ids, gboolean *is_wide,
                           gboolean *has_more, GError **error);

// A number that changes with the names, teams and hidden things that searches look up.
gboolean view_changes_names(Db *db, guint64 *names, GError **error);
