// Opening a database and holding its transactions: what only the store itself does (store, writer,
// migration, backup). Everybody else is handed an open Db and uses db.h. One file a driver stands
// behind it.
#pragma once

#include "store/db.h"

typedef enum {
    DB_READ,   // read-only; statements end by themselves after 30 s (reliability.md F6)
    DB_WRITE,  // the one writing connection
    DB_CREATE, // as DB_WRITE, and makes the database when it is absent
} DbMode;

// A connection, for one thread at a time. NULL with an error (unavailable, not_found).
Db *db_open(const char *path, DbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void db_close(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_close)

// A writing transaction. Between begin and its end, a statement whose transaction the database has
// taken back by itself (disk full, I/O error) fails with unavailable and writes nothing.
gboolean db_begin(Db *db, GError **error);
gboolean db_commit(Db *db, GError **error);
void db_rollback(Db *db);

// FALSE once the database has taken the transaction back, whatever the reason.
gboolean db_in_transaction(Db *db);

// TRUE when the last failure was a full disk. Kept until the next db_begin.
gboolean db_is_full(Db *db);

// Runs a script of statements in the common subset. The SQLite driver rewrites what costs it speed:
// "BIGINT PRIMARY KEY" becomes its row id, tables with a composite key are stored by that key.
gboolean db_script(Db *db, const char *sql, GError **error);

// Moves the log into the database as far as readers allow; with truncate it also empties the log,
// which keeps the writer waiting. *log_bytes: the log's size afterwards.
gboolean db_checkpoint(Db *db, gboolean truncate, gint64 *log_bytes, GError **error);

// While it is on, what is deleted is overwritten on the disk, also where that costs more writing.
// Writers. Until then only what costs none is.
gboolean db_set_secure(Db *db, gboolean is_on, GError **error);
// Overwrites pages that are free, a bounded number at a time; *is_done: none is left.
gboolean db_scrub(Db *db, gboolean *is_done, GError **error);

// A consistent copy into a new file while others write.
gboolean db_copy(Db *db, const char *path, GError **error);

// TRUE when every page and index is sound; else what is wrong as the error (internal). quick leaves
// out comparing indexes with tables. Takes long on large databases.
gboolean db_check(Db *db, gboolean quick, GError **error);

// Ends what the connection is running, which fails as unavailable. Any thread.
void db_interrupt(Db *db);

// Statements of this reading connection take as long as they need, from now on.
void db_take_time(Db *db);

// Gives cached pages back to the system. For connections that have been idle.
void db_shrink(Db *db);

// Filling a new database that nobody else reads, quickly: until db_load_end nothing is synced and
// references are not looked at, so rows may come in any order. db_load_end holds all references
// against the rows (invalid, naming the tables); then the connection is an ordinary one again. The
// caller syncs the file.
gboolean db_load_begin(Db *db, GError **error);
gboolean db_load_end(Db *db, GError **error);
