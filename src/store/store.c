#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/ballast.h"
#include "store/checkpointer.h"
#include "store/db_open.h"
#include "store/migration.h"
#include "store/search_index.h"
#include "store/search_rebuild.h"

#define READERS_IDLE 8   // kept open
#define READERS_LIMIT 64 // open at once

struct Store {
    char *directory;
    char *path; // of the database
    int lock;   // the directory's, -1 when not held
    SecretKey *key;
    Ballast *ballast;
    Writer *writer;
    Checkpointer *checkpointer;
    SearchRebuild *rebuild;
    GMutex readers_lock;
    GPtrArray *readers; // idle, of Db
    int readers_out;
};

static char *file_path(const Store *store, const char *name) {
    return g_build_filename(store->directory, name, NULL);
}

static gboolean directory_make(const char *directory, GError **error) {
    if (g_mkdir_with_parents(directory, 0700) == 0)
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "directory_unwritable",
              "cannot make the data directory %s: %s", directory, g_strerror(errno));
    return FALSE;
}

// flock and not a pid file: the kernel lets go when the process ends, however it ends.
static gboolean lock_take(Store *store, GError **error) {
    g_autofree char *path = file_path(store, "lock");
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0) {
        error_set(error, ERROR_UNAVAILABLE, "directory_unwritable", "cannot write %s: %s", path,
                  g_strerror(errno));
        return FALSE;
    }
    if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "directory_in_use",
              "the data directory %s is in use by a running dialogd or dialogctl: stop it, or"
              " choose another data_directory",
              store->directory);
    return FALSE;
}

static gboolean database_check(const Store *store, gboolean create, GError **error) {
    if (create || g_file_test(store->path, G_FILE_TEST_EXISTS))
        return TRUE;
    error_set(error, ERROR_NOT_FOUND, "directory_empty",
              "there is no database in %s: run dialogctl init", store->directory);
    return FALSE;
}

static Db *schema_open(const Store *store, gboolean create, GError **error) {
    g_autoptr(Db) db = db_open(store->path, create ? DB_CREATE : DB_WRITE, error);
    gboolean is_open = db != NULL && migration_apply(db, migrations, store->path, error) &&
                       search_index_open(db, error);
    return is_open ? g_steal_pointer(&db) : NULL;
}

// The connection of the schema is closed when the writer's is open: the last one to close would
// empty a log that a crash has left, and the start would wait for it.
static gboolean database_open(Store *store, gboolean create, GError **error) {
    g_autoptr(Db) schema = schema_open(store, create, error);
    if (schema != NULL)
        store->writer = writer_new(store->path, ballast_release, store->ballast, error);
    return store->writer != NULL;
}

static gboolean parts_open(Store *store, gboolean create, GError **error) {
    g_autofree char *key = file_path(store, "key");
    g_autofree char *ballast = file_path(store, "ballast");
    store->key = secret_key_load(key, create, error);
    if (store->key == NULL)
        return FALSE;
    store->ballast = ballast_new(ballast);
    if (!database_open(store, create, error))
        return FALSE;
    store->checkpointer = checkpointer_new(store->path, store->writer, store->ballast);
    return TRUE;
}

Store *store_open(const char *directory, gboolean create, GError **error) {
    secret_init();
    g_autoptr(Store) store = g_new0(Store, 1);
    store->directory = g_strdup(directory);
    store->path = file_path(store, "dialogd.db");
    store->lock = -1;
    store->readers = g_ptr_array_new_with_free_func((GDestroyNotify)db_close);
    g_mutex_init(&store->readers_lock);
    if ((create && !directory_make(directory, error)) || !database_check(store, create, error) ||
        !lock_take(store, error) || !parts_open(store, create, error))
        return NULL;
    store->rebuild = search_rebuild_new(store);
    return g_steal_pointer(&store);
}

void store_close(Store *store) {
    if (store == NULL)
        return;
    search_rebuild_free(store->rebuild);
    g_assert(store->readers_out == 0);
    writer_free(store->writer);
    checkpointer_free(store->checkpointer);
    g_ptr_array_unref(store->readers);
    ballast_free(store->ballast);
    g_clear_pointer(&store->key, secret_key_free);
    if (store->lock >= 0)
        close(store->lock);
    g_mutex_clear(&store->readers_lock);
    g_free(store->directory);
    g_free(store->path);
    g_free(store);
}

Writer *store_writer(Store *store) {
    return store->writer;
}

const SecretKey *store_key(Store *store) {
    return store->key;
}

const char *store_directory(Store *store) {
    return store->directory;
}

// TRUE when a connection may be handed out; *idle is one, or NULL when one must be opened.
static gboolean reader_reserve(Store *store, Db **idle) {
    g_mutex_lock(&store->readers_lock);
    gboolean may = store->readers_out < READERS_LIMIT;
    if (may) {
        store->readers_out++;
        guint count = store->readers->len;
        *idle = count > 0 ? g_ptr_array_steal_index(store->readers, count - 1) : NULL;
    }
    g_mutex_unlock(&store->readers_lock);
    return may;
}

Db *store_reader_take(Store *store, GError **error) {
    Db *reader = NULL;
    if (!reader_reserve(store, &reader)) {
        error_set(error, ERROR_UNAVAILABLE, "readers_busy",
                  "too many queries at once: try again later");
        return NULL;
    }
    if (reader == NULL)
        reader = db_open(store->path, DB_READ, error);
    if (reader == NULL)
        store_reader_give(store, NULL);
    return reader;
}

void store_reader_give(Store *store, Db *reader) {
    if (reader != NULL)
        db_snapshot_end(reader);
    g_mutex_lock(&store->readers_lock);
    store->readers_out--;
    if (reader != NULL && store->readers->len < READERS_IDLE)
        g_ptr_array_add(store->readers, g_steal_pointer(&reader));
    g_mutex_unlock(&store->readers_lock);
    db_close(reader);
}
