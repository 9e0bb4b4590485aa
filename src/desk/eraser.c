#include "desk/eraser.h"

#include "base/log.h"
#include "desk/erasure.h"

#define LOOK_MS 1000

struct Eraser {
    Store *store;
    GThread *thread;
    GMutex lock;
    GCond stopped;
    gboolean is_stopping;
};

// FALSE when it is time to end.
static gboolean nap(Eraser *eraser) {
    gint64 until = g_get_monotonic_time() + LOOK_MS * 1000;
    g_mutex_lock(&eraser->lock);
    while (!eraser->is_stopping && g_cond_wait_until(&eraser->stopped, &eraser->lock, until))
        ;
    gboolean goes_on = !eraser->is_stopping;
    g_mutex_unlock(&eraser->lock);
    return goes_on;
}

// Nearly always nothing is to be done, which costs two looks at an index.
static gboolean is_wanted(Store *store, GError **error) {
    gint64 wanted = 0;
    gboolean found;
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return FALSE;
    db_query_int(db,
                 "SELECT EXISTS (SELECT 1 FROM erasure WHERE finished_at IS NULL) OR EXISTS (SELECT"
                 " 1 FROM blob_doomed)",
                 DB_NO_VALUES, &wanted, &found, error);
    store_reader_give(store, db);
    return wanted != 0;
}

static gpointer eraser_loop(gpointer data) {
    Eraser *eraser = data;
    while (nap(eraser)) {
        g_autoptr(GError) error = NULL;
        if (is_wanted(eraser->store, &error))
            erasure_work(eraser->store, &error);
        if (error != NULL)
            log_error(error, "erasure_failed", NULL);
    }
    return NULL;
}

Eraser *eraser_new(Store *store) {
    Eraser *eraser = g_new0(Eraser, 1);
    eraser->store = store;
    g_mutex_init(&eraser->lock);
    g_cond_init(&eraser->stopped);
    eraser->thread = g_thread_new("eraser", eraser_loop, eraser);
    return eraser;
}

void eraser_free(Eraser *eraser) {
    if (eraser == NULL)
        return;
    g_mutex_lock(&eraser->lock);
    eraser->is_stopping = TRUE;
    g_cond_signal(&eraser->stopped);
    g_mutex_unlock(&eraser->lock);
    g_thread_join(eraser->thread);
    g_mutex_clear(&eraser->lock);
    g_cond_clear(&eraser->stopped);
    g_free(eraser);
}
