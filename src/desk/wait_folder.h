// Folds conversations from all their events and writes the rows anew. Used by desk/wait_projection
// where one step does not do, and by desk/wait_rebuild. Writer's thread, within its job.
#pragma once

#include "desk/sla_projection.h"
#include "store/wait.h"

// What many conversations are folded with.
typedef struct {
    Db *db;
    GArray *channels; // of WaitChannel
    CalendarShelf *calendars;
    SlaFolder sla;
} WaitFolder;

gboolean wait_folder_init(WaitFolder *folder, Db *db, GError **error);
void wait_folder_clear(WaitFolder *folder);

// The conversation with all that it is linked with.
gboolean wait_folder_fold(WaitFolder *folder, Id conversation_id, GError **error);

// A folder for these conversations alone.
gboolean wait_folder_fold_all(Db *db, const Id *conversations, gsize count, GError **error);
