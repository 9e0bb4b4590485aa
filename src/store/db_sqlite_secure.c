#include "store/db_open.h"

// Deleted bytes are zeroed where that costs no further page (FAST), or on every page that is freed.
gboolean db_set_secure(Db *db, gboolean is_on, GError **error) {
    return db_run(db, is_on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = FAST",
                  DB_NO_VALUES, error);
}

#define SCRUB_BYTES (1024 * 1024) // a step of the writer stays short

static gboolean free_pages(Db *db, gint64 *count, GError **error) {
    gboolean found;
    return db_query_int(db, "PRAGMA freelist_count", DB_NO_VALUES, count, &found, error);
}

// Free pages are taken for a table of zeros until none is left; then that goes, and they are free
// again.
gboolean db_scrub(Db *db, gboolean *is_done, GError **error) {
    gint64 free_count = 0;
    if (!free_pages(db, &free_count, error))
        return FALSE;
    *is_done = free_count == 0;
    if (*is_done)
        return db_run(db, "DELETE FROM scrub", DB_NO_VALUES, error);
    return db_run(db, "INSERT INTO scrub (id, bytes) VALUES ($1, zeroblob($2))",
                  DB_VALUES(DB_ID(id_next()), DB_INT(MIN(free_count * 4096, SCRUB_BYTES))), error);
}
