// Who is told which counts: the views of each agent with an open stream, and what was said last.
// The view counter's thread alone.
#pragma once

#include "desk/view_counter.h"

typedef struct ViewWatch ViewWatch;

ViewWatch *view_watch_new(void) G_GNUC_WARN_UNUSED_RESULT;
void view_watch_free(ViewWatch *watch);

// Views may have changed: they are listed anew.
void view_watch_forget(ViewWatch *watch);

// Tells every agent with an open stream the counts that differ from those said before.
gboolean view_watch_tell(ViewWatch *watch, Store *store, ViewCounter *counter, LiveEvents *live,
                         GError **error);
