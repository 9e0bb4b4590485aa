#include "store/search_rebuild.h"

#include "store/search_index.h"
#include "store/search_message.h"

#define STEP_MESSAGES 50
#define PAUSE_MS 5              // between steps: others write too
#define RETRY_MS 5000           // after a failure
#define CURSOR "search_rebuild" // the setting; holds the id of the last message done

struct SearchRebuild {
    Store *store;
    GThread *thread;
    GMutex lock;
    GCond stopped;
    gboolean is_stopping;
};

typedef struct {
    Id last;              // 0: all is done
    GArray *ids;          // of Id
    GPtrArray *documents; // of SearchDocument or NULL (the message has gone), one an id
} Step;

static void step_clear(Step *step) {
    g_clear_pointer(&step->ids, g_array_unref);
    g_clear_pointer(&step->documents, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static void document_free(gpointer document) {
    search_document_free(document);
}

static gboolean one_add(Db *db, Id id, const SearchDocument *document, GError **error) {
    gint64 entries = 0;
    if (!db_query_int(db, "SELECT count(*) FROM search_entry WHERE message_id = $1",
                      DB_VALUES(DB_ID(id)), &entries, NULL, error))
        return FALSE;
    return entries > 0 || search_add(db, id, document, error);
}

static gboolean step_write(Db *db, gpointer data, GError **error) {
    const Step *step = data;
    for (guint i = 0; i < step->ids->len; i++)
        if (step->documents->pdata[i] != NULL &&
            !one_add(db, g_array_index(step->ids, Id, i), step->documents->pdata[i], error))
            return FALSE;
    if (step->last == 0)
        return db_run(db, "DELETE FROM setting WHERE name = $1", DB_VALUES(DB_TEXT(CURSOR)), error);
    char text[ID_TEXT_SIZE];
    return db_run(db, "UPDATE setting SET value = $2 WHERE name = $1",
                  DB_VALUES(DB_TEXT(CURSOR), DB_TEXT(id_format(step->last, text))), error);
}

static gboolean step_read(Db *db, Id after, Step *step, GError **error) {
    step->ids = search_index_missing(db, after, STEP_MESSAGES, error);
    if (step->ids == NULL)
        return FALSE;
    step->documents = g_ptr_array_new_with_free_func(document_free);
    for (guint i = 0; i < step->ids->len; i++) {
        SearchDocument *document = NULL;
        step->last = g_array_index(step->ids, Id, i);
        if (!search_message_read(db, step->last, &document, error))
            return FALSE;
        g_ptr_array_add(step->documents, document);
    }
    return TRUE;
}

static gboolean step_prepare(Store *store, Step *step, gboolean *is_done, GError **error) {
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return FALSE;
    gint64 after = 0;
    gboolean found = FALSE;
    gboolean read = db_query_int(db, "SELECT value FROM setting WHERE name = $1",
                                 DB_VALUES(DB_TEXT(CURSOR)), &after, &found, error);
    *is_done = !found;
    if (read && found)
        read = step_read(db, after, step, error);
    store_reader_give(store, db);
    return read;
}

gboolean search_rebuild_step(Store *store, gboolean *is_done, GError **error) {
    g_auto(Step) step = {0};
    if (!step_prepare(store, &step, is_done, error))
        return FALSE;
    return *is_done || writer_run(store_writer(store), step_write, &step, error);
}

// FALSE when it is time to end.
static gboolean nap(SearchRebuild *rebuild, gint64 milliseconds) {
    gint64 until = g_get_monotonic_time() + milliseconds * 1000;
    g_mutex_lock(&rebuild->lock);
    while (!rebuild->is_stopping && g_cond_wait_until(&rebuild->stopped, &rebuild->lock, until))
        ;
    gboolean go_on = !rebuild->is_stopping;
    g_mutex_unlock(&rebuild->lock);
    return go_on;
}

static gpointer rebuild_loop(gpointer data) {
    SearchRebuild *rebuild = data;
    gboolean is_done = FALSE;
    gboolean go_on = TRUE;
    while (go_on && !is_done) {
        gboolean good = search_rebuild_step(rebuild->store, &is_done, NULL);
        go_on = nap(rebuild, good ? PAUSE_MS : RETRY_MS);
    }
    return NULL;
}

SearchRebuild *search_rebuild_new(Store *store) {
    SearchRebuild *rebuild = g_new0(SearchRebuild, 1);
    rebuild->store = store;
    g_mutex_init(&rebuild->lock);
    g_cond_init(&rebuild->stopped);
    rebuild->thread = g_thread_new("search-rebuild", rebuild_loop, rebuild);
    return rebuild;
}

void search_rebuild_free(SearchRebuild *rebuild) {
    if (rebuild == NULL)
        return;
    g_mutex_lock(&rebuild->lock);
    rebuild->is_stopping = TRUE;
    g_cond_signal(&rebuild->stopped);
    g_mutex_unlock(&rebuild->lock);
    g_thread_join(rebuild->thread);
    g_cond_clear(&rebuild->stopped);
    g_mutex_clear(&rebuild->lock);
    g_free(rebuild);
}
