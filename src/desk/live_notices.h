// Tells agents' open streams of their new notices, as they are committed ("t": "notify"). Used by
// desk/live_events on its thread. Whoever has no stream open finds them in their list.
#pragma once

#include "desk/live_events.h"

// Tells what is newer than *last and moves it; *last 0: begins with what comes next.
gboolean live_notices_tell(LiveEvents *live, Db *db, Id *last, GError **error);
