// The open store: the data directory with its lock, the writer, and read-only connections. Made by
// the main programs, handed to those who need it. Not a place for queries: those live with their
// aggregates.
#pragma once

#include "base/secret.h"
#include "store/db.h"
#include "store/writer.h"

typedef struct Store Store;

// Opens the data directory: takes its lock (conflict when another process holds it), opens the
// database, copies and migrates an older schema, refuses a newer one, starts the writer. create
// makes what is missing (init).
Store *store_open(const char *directory, gboolean create, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Stops the writer after its queue, closes all. Every reader must be back.
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

Writer *store_writer(Store *store);
const SecretKey *store_key(Store *store);
const char *store_directory(Store *store);

// A read-only connection from a pool; give it back on any thread. Never NULL without an error.
Db *store_reader_take(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_reader_give(Store *store, Db *reader);
