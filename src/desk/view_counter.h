// Counts of views that cost nothing to show: one thread follows the committed events, asks each
// changed conversation anew which counted searches it fits, and tells the open streams once a
// second what has changed ("counts"). What a count depends on beside conversations (names, teams,
// what is hidden, the time) makes it counted anew. Used by api/views.c.
#pragma once

#include "desk/live_events.h"
#include "store/store.h"

typedef struct ViewCounter ViewCounter;

// Starts the thread. live may be NULL: nobody is told. most: counts are exact up to it.
ViewCounter *view_counter_new(Store *store, LiveEvents *live, guint most) G_GNUC_WARN_UNUSED_RESULT;
void view_counter_free(ViewCounter *counter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ViewCounter, view_counter_free)

#define VIEW_COUNT_MOST 10000

// How many conversations fit the line for this agent (0: the local administrator). The first time
// somebody asks it is counted, from then on it is kept. A line that is no search counts 0. May take
// as long as a search. FALSE with an error. Any thread but the counter's.
gboolean view_counter_count(ViewCounter *counter, const char *line, Id agent_id, gint64 *count,
                            gboolean *is_exact, GError **error);

// Something changed about it that no event tells: what an agent has read. Within
// its job or after; any thread.
void view_counter_touch(ViewCounter *counter, Id conversation_id);

// One round of the thread's work now: for tests.
gboolean view_counter_follow(ViewCounter *counter, GError **error);
