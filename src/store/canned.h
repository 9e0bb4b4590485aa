// Canned replies and their folders as rows. Used by api and by actions that reply with one.
#pragma once

#include "model/canned.h"
#include "store/owned.h"

// Adds it (id 0: a fresh one is set), or changes the one of that id where its version is still
// canned->version (0: whatever it is). Errors: not_found (canned_unknown), precondition
// (version_conflict), invalid for a team or folder that is not there.
gboolean canned_add(Db *db, Canned *canned, Instant now, GError **error);
gboolean canned_change(Db *db, Canned *canned, GError **error);
gboolean canned_remove(Db *db, Id id, GError **error);

// The whole of it, if the viewer may use it (NULL: any). NULL with an error (not_found).
Canned *canned_get(Db *db, Id id, const OwnedViewer *viewer,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Counts one use.
gboolean canned_use(Db *db, Id id, Instant now, GError **error);

gboolean canned_folder_add(Db *db, Id id, const char *name, gint64 position, Instant now,
                           GError **error);
gboolean canned_folder_change(Db *db, Id id, const char *name, gint64 position, GError **error);

// Its canned replies stand in no folder afterwards.
gboolean canned_folder_remove(Db *db, Id id, GError **error);
