#include "store/checkpointer.h"

#include <sys/stat.h>

#include "store/db_open.h"

#define LOOK_MS 250                  // between looks at the log
#define LOG_SMALL (16 * 1024 * 1024) // below this only an idle writer is tidied up after
#define LOG_LARGE (64 * 1024 * 1024) // truncated, even if the writer must wait
#define IDLE_LOOKS 4                 // looks without a commit: idle
#define BALLAST_LOOKS 20             // looks between tries to make the ballast again

struct Checkpointer {
    GThread *thread;
    char *path;
    char *log_path;
    Ballast *ballast;
    GMutex lock;
    GCond stopped;
    gboolean is_stopping;
    guint commits; // atomic; counted by the writer
};

static void commit_noticed(gpointer data) {
    Checkpointer *checkpointer = data;
    __atomic_add_fetch(&checkpointer->commits, 1, __ATOMIC_RELAXED);
}

static gint64 log_size(const Checkpointer *checkpointer) {
    struct stat facts;
    return stat(checkpointer->log_path, &facts) == 0 ? facts.st_size : 0;
}

// FALSE when it is time to end.
static gboolean nap(Checkpointer *checkpointer) {
    gint64 until = g_get_monotonic_time() + LOOK_MS * 1000;
    g_mutex_lock(&checkpointer->lock);
    while (!checkpointer->is_stopping &&
           g_cond_wait_until(&checkpointer->stopped, &checkpointer->lock, until))
        ;
    gboolean go_on = !checkpointer->is_stopping;
    g_mutex_unlock(&checkpointer->lock);
    return go_on;
}

// What it had done when it last looked.
typedef struct {
    guint commits;
    guint done_at; // commits when the log was last moved
    guint looks;
    guint idle;
} Progress;

static void log_look(Checkpointer *checkpointer, Db *db, Progress *progress) {
    guint commits = __atomic_load_n(&checkpointer->commits, __ATOMIC_RELAXED);
    progress->idle = commits == progress->commits ? progress->idle + 1 : 0;
    progress->commits = commits;
    if (progress->done_at == commits)
        return;
    gint64 size = log_size(checkpointer);
    if (size < LOG_SMALL && progress->idle < IDLE_LOOKS)
        return;
    gint64 left = 0; // failures are the next look's concern: nothing is lost by a long log
    db_checkpoint(db, size >= LOG_LARGE, &left, NULL);
    progress->done_at = commits;
}

static gpointer checkpointer_loop(gpointer data) {
    Checkpointer *checkpointer = data;
    g_autoptr(Db) db = NULL;
    Progress progress = {0};
    while (nap(checkpointer)) {
        if (db == NULL)
            db = db_open(checkpointer->path, DB_WRITE, NULL);
        if (db != NULL)
            log_look(checkpointer, db, &progress);
        if (++progress.looks % BALLAST_LOOKS == 0)
            ballast_restore(checkpointer->ballast);
    }
    return NULL;
}

Checkpointer *checkpointer_new(const char *path, Writer *writer, Ballast *ballast) {
    Checkpointer *checkpointer = g_new0(Checkpointer, 1);
    checkpointer->path = g_strdup(path);
    checkpointer->log_path = g_strconcat(path, "-wal", NULL);
    checkpointer->ballast = ballast;
    g_mutex_init(&checkpointer->lock);
    g_cond_init(&checkpointer->stopped);
    writer_on_commit(writer, commit_noticed, checkpointer);
    checkpointer->thread = g_thread_new("checkpointer", checkpointer_loop, checkpointer);
    return checkpointer;
}

void checkpointer_free(Checkpointer *checkpointer) {
    if (checkpointer == NULL)
        return;
    g_mutex_lock(&checkpointer->lock);
    checkpointer->is_stopping = TRUE;
    g_cond_signal(&checkpointer->stopped);
    g_mutex_unlock(&checkpointer->lock);
    g_thread_join(checkpointer->thread);
    g_mutex_clear(&checkpointer->lock);
    g_cond_clear(&checkpointer->stopped);
    g_free(checkpointer->path);
    g_free(checkpointer->log_path);
    g_free(checkpointer);
}
