#include "desk/soundness.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "store/db_open.h"

#define FIRST_SECONDS 60
#define NEXT_SECONDS (24 * 60 * 60)
#define NICENESS 15

struct Soundness {
    Store *store;
    GThread *thread;
    GMutex lock;
    GCond stopped;
    gboolean is_stopping;
    Db *db; // while it looks
};

// FALSE when it is time to end.
static gboolean nap(Soundness *soundness, gint64 seconds) {
    gint64 until = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    g_mutex_lock(&soundness->lock);
    while (!soundness->is_stopping &&
           g_cond_wait_until(&soundness->stopped, &soundness->lock, until))
        ;
    gboolean go_on = !soundness->is_stopping;
    g_mutex_unlock(&soundness->lock);
    return go_on;
}

static void db_set(Soundness *soundness, Db *db) {
    g_mutex_lock(&soundness->lock);
    soundness->db = db;
    g_mutex_unlock(&soundness->lock);
}

static gboolean look(Soundness *soundness, GError **error) {
    g_autofree char *path = g_build_filename(store_directory(soundness->store), "dialogd.db", NULL);
    g_autoptr(Db) db = db_open(path, DB_READ, error);
    if (db == NULL)
        return FALSE;
    db_set(soundness, db);
    gboolean is_sound = db_check(db, TRUE, error);
    db_set(soundness, NULL);
    return is_sound;
}

static gpointer soundness_loop(gpointer data) {
    Soundness *soundness = data;
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS); // of this thread alone
    for (gint64 wait = FIRST_SECONDS; nap(soundness, wait); wait = NEXT_SECONDS) {
        g_autoptr(GError) error = NULL;
        if (look(soundness, &error))
            log_event(LOG_INFO, "database_sound", NULL);
        else if (error_kind(error) == ERROR_INTERNAL)
            log_error(error, "database_damaged", NULL);
    }
    return NULL;
}

Soundness *soundness_new(Store *store) {
    Soundness *soundness = g_new0(Soundness, 1);
    soundness->store = store;
    g_mutex_init(&soundness->lock);
    g_cond_init(&soundness->stopped);
    soundness->thread = g_thread_new("soundness", soundness_loop, soundness);
    return soundness;
}

void soundness_free(Soundness *soundness) {
    if (soundness == NULL)
        return;
    g_mutex_lock(&soundness->lock);
    soundness->is_stopping = TRUE;
    if (soundness->db != NULL)
        db_interrupt(soundness->db);
    g_cond_signal(&soundness->stopped);
    g_mutex_unlock(&soundness->lock);
    g_thread_join(soundness->thread);
    g_cond_clear(&soundness->stopped);
    g_mutex_clear(&soundness->lock);
    g_free(soundness);
}
