// Conversations of other help desks and what they became here. Written by desk/foreign_write within
// its jobs.
#pragma once

#include "store/db.h"

typedef struct {
    Id conversation_id; // 0: it has not been imported yet
    Id channel_id;      // into which it was
    gboolean is_settled;
} ForeignPlaced;

gboolean foreign_find(Db *db, const char *source, const char *source_id, ForeignPlaced *placed,
                      GError **error);

gboolean foreign_add(Db *db, const char *source, const char *source_id, Id conversation_id,
                     Id channel_id, GError **error);
gboolean foreign_settle(Db *db, const char *source, const char *source_id, GError **error);
