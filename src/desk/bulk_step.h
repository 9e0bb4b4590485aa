// One conversation of many: changed under a savepoint, so that what is refused spoils only itself.
// Writer jobs; used by api/conversation_ops.c and desk/bulk_job.
#pragma once

#include "desk/conversation_change.h"

typedef struct {
    Id agent_id;
    Id viewer;      // from whom something may be hidden; 0: nothing is
    gint64 version; // of the conversation now, when it was changed
    json_t *undo;   // what undoes it; owned by the caller; NULL when nothing does
} BulkStep;

// FALSE with an error; then nothing was changed. is_fatal tells that the job must not go on.
gboolean bulk_step(Db *db, Id id, const ConversationChange *change, BulkStep *step,
                   gboolean *is_fatal, GError **error);
