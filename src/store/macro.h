// Macros as rows: named lists of actions, owned as canned replies are. Used by api.
#pragma once

#include "store/owned.h"

typedef struct {
    Id id;
    Id agent_id; // whose it is; both 0: everybody's
    Id team_id;
    char *name;
    gint64 position;
    char *actions; // JSON
    gint64 use_count;
    Instant used_at;
    Instant created_at;
    gint64 version;
} Macro;

void macro_free(Macro *macro);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Macro, macro_free)

// The one of that id, if the viewer may use it (NULL: any). NULL with an error (macro_unknown).
Macro *macro_get(Db *db, Id id, const OwnedViewer *viewer,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// In their order, at most limit after (position, id).
DbRows *macro_list(Db *db, const OwnedViewer *viewer, gint64 position, Id id, gint64 limit,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
// The present row of macro_list; owned.
Macro *macro_read(DbRows *rows) G_GNUC_WARN_UNUSED_RESULT;

// invalid (owner_unknown) for a team that is not there.
gboolean macro_add(Db *db, const Macro *macro, GError **error);
gboolean macro_change(Db *db, const Macro *macro, GError **error);
gboolean macro_remove(Db *db, Id id, GError **error);

// Counts one use.
gboolean macro_use(Db *db, Id id, Instant now, GError **error);
