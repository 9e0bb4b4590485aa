// Runs bulk changes one step after the other on a thread of its own, oldest first, and tells whose
// they are how far they are, once a second. What a restart interrupted goes on.
#pragma once

#include "desk/live_events.h"
#include "store/store.h"

typedef struct BulkRunner BulkRunner;

// live may be NULL: nobody is told.
BulkRunner *bulk_runner_new(Store *store, LiveEvents *live) G_GNUC_WARN_UNUSED_RESULT;

// Ends after the present step.
void bulk_runner_free(BulkRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BulkRunner, bulk_runner_free)
