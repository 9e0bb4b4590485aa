#include "desk/exchange_import.h"

#include "desk/wait_projection.h"
#include "store/search_rebuild.h"

#define REBUILD_AT_ONCE 1000

// doc/decisions/0095-export-as-lines.md says why.
static const char *const settling[] = {
    "UPDATE channel SET state = 'paused', state_reason = 'imported: enter its secrets, then resume"
    " it' WHERE removed_at IS NULL",
    "UPDATE channel SET state = 'paused' WHERE removed_at IS NOT NULL",
};

static gboolean settle(Db *db, GError **error) {
    for (gsize at = 0; at < G_N_ELEMENTS(settling); at++)
        if (!db_run(db, settling[at], DB_NO_VALUES, error))
            return FALSE;
    return wait_projection_rebuild_links(db, error);
}

static gboolean settle_and_link(Db *db, GError **error) {
    if (!db_begin(db, error))
        return FALSE;
    if (settle(db, error) && db_commit(db, error))
        return TRUE;
    db_rollback(db);
    return FALSE;
}

static gboolean waits_make_part(Db *db, Id after, Id *last, GError **error) {
    if (!db_begin(db, error))
        return FALSE;
    if (wait_projection_rebuild_part(db, after, REBUILD_AT_ONCE, last, error) &&
        db_commit(db, error))
        return TRUE;
    db_rollback(db);
    return FALSE;
}

static gboolean finish(Db *db, GError **error) {
    Id last = 0;
    if (!settle_and_link(db, error))
        return FALSE;
    do {
        if (!waits_make_part(db, last, &last, error))
            return FALSE;
    } while (last != 0);
    return TRUE;
}

// Opening it makes the key and the tables of the search where they are missing.
static gboolean index_words(const char *directory, GError **error) {
    gboolean is_done = FALSE;
    g_autoptr(Store) store = store_open(directory, TRUE, error);
    while (store != NULL && !is_done)
        if (!search_rebuild_step(store, &is_done, error))
            return FALSE;
    return store != NULL;
}

gboolean exchange_import(const char *directory, int fd, ExchangeFacts *facts, GError **error) {
    return exchange_load(directory, fd, finish, facts, error) && index_words(directory, error);
}
