#include "desk/view_watch.h"

#include "base/json_text.h"
#include "store/view.h"

// One agent's views with the counts said last; G_MININT64: none yet.
typedef struct {
    Id agent_id;
    GPtrArray *views; // of View
    GArray *said;     // of gint64
    gboolean is_here; // still has a stream
} Watched;

struct ViewWatch {
    GHashTable *agents; // id as pointer -> Watched
    gint is_forgotten;  // atomic
};

static void watched_free(gpointer data) {
    Watched *watched = data;
    g_ptr_array_unref(watched->views);
    g_array_unref(watched->said);
    g_free(watched);
}

ViewWatch *view_watch_new(void) {
    ViewWatch *watch = g_new0(ViewWatch, 1);
    watch->agents = g_hash_table_new_full(NULL, NULL, NULL, watched_free);
    return watch;
}

void view_watch_free(ViewWatch *watch) {
    g_hash_table_unref(watch->agents);
    g_free(watch);
}

void view_watch_forget(ViewWatch *watch) {
    g_atomic_int_set(&watch->is_forgotten, TRUE);
}

static Watched *watched_new(Store *store, Id agent_id, GError **error) {
    ViewReader reader = {.agent_id = agent_id};
    Db *db = store_reader_take(store, error);
    GPtrArray *views = db != NULL ? view_list(db, &reader, error) : NULL;
    if (db != NULL)
        store_reader_give(store, db);
    if (views == NULL)
        return NULL;
    Watched *watched = g_new0(Watched, 1);
    watched->agent_id = agent_id;
    watched->views = views;
    watched->said = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint at = 0; at < views->len; at++)
        g_array_append_val(watched->said, (gint64){G_MININT64});
    return watched;
}

static Watched *watched_find(ViewWatch *watch, Store *store, Id agent_id, GError **error) {
    gpointer key = (gpointer)(gintptr)agent_id;
    Watched *watched = g_hash_table_lookup(watch->agents, key);
    if (watched != NULL)
        return watched;
    watched = watched_new(store, agent_id, error);
    if (watched != NULL)
        g_hash_table_insert(watch->agents, key, watched);
    return watched;
}

// Writes the counts that have changed; FALSE with an error. *is_news tells whether there is one.
static gboolean write_counts(Watched *watched, ViewCounter *counter, JsonText *text,
                             gboolean *is_news, GError **error) {
    for (guint at = 0; at < watched->views->len; at++) {
        const View *view = watched->views->pdata[at];
        gint64 *said = &g_array_index(watched->said, gint64, at);
        gint64 count;
        gboolean is_exact;
        if (!view_counter_count(counter, view->query, watched->agent_id, &count, &is_exact, error))
            return FALSE;
        if (count == *said)
            continue;
        *said = count;
        *is_news = TRUE;
        json_text_add_int(text, view->id, count);
    }
    return TRUE;
}

static gboolean tell(Watched *watched, ViewCounter *counter, LiveEvents *live, GError **error) {
    g_auto(JsonText) text;
    gboolean is_news = FALSE;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_add_text(&text, "type", "counts");
    json_text_begin_object(&text, "counts");
    if (!write_counts(watched, counter, &text, &is_news, error))
        return FALSE;
    json_text_end_object(&text);
    json_text_end_object(&text);
    if (is_news)
        live_events_tell(live, watched->agent_id, 0, text.out->str);
    return TRUE;
}

static gboolean has_gone(gpointer key, gpointer value, gpointer data) {
    Watched *watched = value;
    (void)key;
    (void)data;
    gboolean is_here = watched->is_here;
    watched->is_here = FALSE;
    return !is_here;
}

gboolean view_watch_tell(ViewWatch *watch, Store *store, ViewCounter *counter, LiveEvents *live,
                         GError **error) {
    g_autoptr(GArray) owners = live_events_owners(live);
    if (g_atomic_int_compare_and_exchange(&watch->is_forgotten, TRUE, FALSE))
        g_hash_table_remove_all(watch->agents);
    for (guint at = 0; at < owners->len; at++) {
        Watched *watched = watched_find(watch, store, g_array_index(owners, Id, at), error);
        if (watched == NULL || !tell(watched, counter, live, error))
            return FALSE;
        watched->is_here = TRUE;
    }
    g_hash_table_foreach_remove(watch->agents, has_gone, NULL);
    return TRUE;
}
