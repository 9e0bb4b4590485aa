#include "store/blob_sweep.h"

#define SWEPT_AT_ONCE 200

// Each is found by an index, or is a small table.
static const char quick_use[] =
    "SELECT EXISTS (SELECT 1 FROM message WHERE html_sha256 = $1) OR EXISTS (SELECT 1 FROM"
    " attachment WHERE sha256 = $1) OR EXISTS (SELECT 1 FROM upload WHERE sha256 = $1) OR EXISTS"
    " (SELECT 1 FROM intake WHERE state IN ('quarantined', 'refused') AND raw_sha256 = $1)";

static const char slow_use[] =
    "SELECT EXISTS (SELECT 1 FROM message WHERE raw_sha256 = $1) OR EXISTS (SELECT 1 FROM intake"
    " WHERE raw_sha256 = $1)";

static gboolean is_used(Db *db, DbValue name, gboolean is_searched, gboolean *used,
                        GError **error) {
    gint64 quick = 0;
    gint64 slow = 0;
    gboolean found;
    if (!db_query_int(db, quick_use, &name, 1, &quick, &found, error) ||
        (is_searched && quick == 0 && !db_query_int(db, slow_use, &name, 1, &slow, &found, error)))
        return FALSE;
    *used = quick != 0 || slow != 0;
    return TRUE;
}

gboolean blob_release(Db *db, GBytes *sha256, gboolean is_searched, GError **error) {
    gboolean used;
    if (sha256 == NULL || g_bytes_get_size(sha256) != SHA256_BYTES)
        return TRUE;
    DbValue name = DB_BYTES(sha256);
    if (!is_used(db, name, is_searched, &used, error))
        return FALSE;
    return used ||
           (db_run(db,
                   "INSERT INTO blob_doomed (sha256, doomed_at) SELECT sha256, $2 FROM blob WHERE"
                   " sha256 = $1 AND bytes IS NULL ON CONFLICT (sha256) DO NOTHING",
                   DB_VALUES(name, DB_INSTANT(clock_now())), error) &&
            db_run(db, "DELETE FROM blob WHERE sha256 = $1", &name, 1, error));
}

static void bytes_free(gpointer bytes) {
    g_bytes_unref(bytes);
}

// What is doomed, committed, and named by no row again.
static GPtrArray *list_doomed(Store *store, GError **error) {
    GError *problem = NULL;
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(bytes_free);
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT sha256 FROM blob_doomed WHERE NOT EXISTS (SELECT 1"
                                      " FROM blob WHERE sha256 = blob_doomed.sha256) LIMIT $1",
                                      DB_VALUES(DB_INT(SWEPT_AT_ONCE)), &problem);
    while (rows != NULL && db_rows_next(rows, &problem))
        g_ptr_array_add(list, db_rows_bytes(rows, 0));
    g_clear_pointer(&rows, db_rows_free);
    store_reader_give(store, db);
    if (problem == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, problem);
    return NULL;
}

static gboolean forget_doomed(Db *db, gpointer data, GError **error) {
    const GPtrArray *gone = data;
    for (guint at = 0; at < gone->len; at++)
        if (!db_run(db, "DELETE FROM blob_doomed WHERE sha256 = $1",
                    DB_VALUES(DB_BYTES(gone->pdata[at])), error))
            return FALSE;
    return db_run(db,
                  "DELETE FROM blob_doomed WHERE EXISTS (SELECT 1 FROM blob WHERE sha256 ="
                  " blob_doomed.sha256)",
                  DB_NO_VALUES, error);
}

gboolean blob_sweep(Store *store, GError **error) {
    g_autoptr(GPtrArray) doomed = list_doomed(store, error);
    if (doomed == NULL)
        return FALSE;
    g_autoptr(GPtrArray) gone = g_ptr_array_new();
    for (guint at = 0; at < doomed->len; at++)
        if (blob_file_drop(store_directory(store), g_bytes_get_data(doomed->pdata[at], NULL)))
            g_ptr_array_add(gone, doomed->pdata[at]);
    return gone->len == 0 || writer_run(store_writer(store), forget_doomed, gone, error);
}
