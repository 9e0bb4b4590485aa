// Mentions make a conversation unread for whom they speak to: folded from events as they are
// recorded. Used by desk/record alone.
#pragma once

#include "model/event.h"
#include "store/db.h"

gboolean read_projection_apply(Db *db, const Event *event, GError **error);
