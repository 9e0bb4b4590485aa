// The tables of the search index: made when they are missing, made anew when what analyses words
// has changed. Messages without an entry are indexed again in the background. Used by store.c and
// search_rebuild.c.
#pragma once

#include "store/db.h"

// Makes the tables. When the version or the engine of base forms differs from what the index was
// made with, it is emptied and the setting search_rebuild begun. Within store_open, on the writing
// connection.
gboolean search_index_open(Db *db, GError **error);

// Ids of at most limit messages above after, ascending, that have no entry; for re-indexing. On a
// reader. NULL with an error.
GArray *search_index_missing(Db *db, Id after, guint limit,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
