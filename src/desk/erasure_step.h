// Inside of erasure: one bounded job of it. Used by erasure_work.c alone. Writer jobs only.
#pragma once

#include "store/db.h"

// Empties some messages of the oldest erasure that is under way. *is_done: there is none.
gboolean erasure_step(Db *db, gboolean *is_done, GError **error);
