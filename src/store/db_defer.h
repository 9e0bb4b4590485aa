// Work put off to the end of a writing transaction, just before COMMIT and outside of savepoints:
// for what is cheap once a batch and dear once a job (the search index). A savepoint that is undone
// takes back what was put off within it. Used by search_index.c.
#pragma once

#include "store/db.h"

typedef gboolean (*DbDeferred)(Db *db, gpointer data, GError **error);

// Takes data, freed with release whatever becomes of it. Outside of a db_begin it runs at once. If
// it fails, nothing of the transaction is kept.
gboolean db_defer(Db *db, DbDeferred run, gpointer data, GDestroyNotify release, GError **error);

// The number that the database gave to the row that was added last, where its key was left out.
gint64 db_last_number(Db *db);
