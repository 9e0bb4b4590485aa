// Indexing again: when the analysis of words has changed, the index was emptied and the messages
// are analysed anew from their rows, in the background and in small jobs. Made by store.c.
#pragma once

#include "store/store.h"

typedef struct SearchRebuild SearchRebuild;

// Starts when there is something to do. The store outlives it.
SearchRebuild *search_rebuild_new(Store *store) G_GNUC_WARN_UNUSED_RESULT;
// Stops; what is left goes on when the store is opened again.
void search_rebuild_free(SearchRebuild *rebuild);

// One step of it: some messages. *is_done: nothing is left. FALSE with an error (unavailable).
gboolean search_rebuild_step(Store *store, gboolean *is_done, GError **error);
