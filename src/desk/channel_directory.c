#include "desk/channel_directory.h"

#include "base/log.h"
#include "channels/registry.h"
#include "channels/settings.h"
#include "store/channel.h"

// Built once, then only read: a refresh puts a new one in its place.
typedef struct {
    GPtrArray *all; // of ChannelConfig, by name
    GHashTable *by_id;
    GHashTable *by_key; // "kind/key"
    GHashTable *by_address;
} Snapshot;

typedef struct {
    ChannelDirectoryChanged changed;
    gpointer data;
} Watch;

struct ChannelDirectory {
    Store *store;
    GMutex mutex;       // guards snapshot
    GMutex watch_mutex; // guards watches, and is held while they are called
    Snapshot *snapshot;
    gint changes_seen;
    GArray *watches;
};

static void snapshot_clear(gpointer data) {
    Snapshot *snapshot = data;
    g_hash_table_unref(snapshot->by_id);
    g_hash_table_unref(snapshot->by_key);
    g_hash_table_unref(snapshot->by_address);
    g_ptr_array_unref(snapshot->all);
}

static void snapshot_unref(Snapshot *snapshot) {
    g_atomic_rc_box_release_full(snapshot, snapshot_clear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_unref)

static char *pair(const char *kind, const char *name) {
    return g_strconcat(kind, "/", name, NULL);
}

static void snapshot_add(Snapshot *snapshot, ChannelConfig *config) {
    const ChannelKind *kind = registry_find(config->kind);
    if (kind != NULL)
        settings_fill_defaults(kind, config);
    g_hash_table_insert(snapshot->by_id, &config->id, config);
    g_hash_table_insert(snapshot->by_key, pair(config->kind, config->key), config);
    if (*config->address != '\0') {
        g_autofree char *address = party_address_normalize(config->address);
        g_hash_table_insert(snapshot->by_address, pair(config->kind, address), config);
    }
}

static Snapshot *snapshot_read(Store *store, GError **error) {
    Db *db = store_reader_take(store, error);
    if (db == NULL)
        return NULL;
    GPtrArray *all = channel_list(db, store_key(store), error);
    store_reader_give(store, db);
    if (all == NULL)
        return NULL;
    Snapshot *snapshot = g_atomic_rc_box_new0(Snapshot);
    snapshot->all = all;
    snapshot->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    snapshot->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    snapshot->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint at = 0; at < all->len; at++)
        snapshot_add(snapshot, all->pdata[at]);
    return snapshot;
}

static void snapshot_replace(ChannelDirectory *directory, Snapshot *fresh) {
    g_mutex_lock(&directory->mutex);
    Snapshot *old = directory->snapshot;
    directory->snapshot = fresh;
    g_mutex_unlock(&directory->mutex);
    if (old != NULL)
        snapshot_unref(old);
}

static gboolean reload(ChannelDirectory *directory, GError **error) {
    Snapshot *fresh = snapshot_read(directory->store, error);
    if (fresh != NULL)
        snapshot_replace(directory, fresh);
    return fresh != NULL;
}

static gboolean is_behind(ChannelDirectory *directory) {
    return (guint)g_atomic_int_get(&directory->changes_seen) != channel_changes();
}

// On the writer's thread, where changes are made: none can come between the look and the note.
static void committed(gpointer data) {
    ChannelDirectory *directory = data;
    if (!is_behind(directory))
        return;
    g_autoptr(GError) error = NULL;
    if (!reload(directory, &error)) {
        log_error(error, "channels_unread", NULL);
        return;
    }
    g_atomic_int_set(&directory->changes_seen, (gint)channel_changes());
    g_mutex_lock(&directory->watch_mutex);
    for (guint at = 0; at < directory->watches->len; at++) {
        const Watch *watch = &g_array_index(directory->watches, Watch, at);
        watch->changed(watch->data);
    }
    g_mutex_unlock(&directory->watch_mutex);
}

ChannelDirectory *channel_directory_new(Store *store, GError **error) {
    ChannelDirectory *directory = g_new0(ChannelDirectory, 1);
    directory->store = store;
    directory->watches = g_array_new(FALSE, FALSE, sizeof(Watch));
    g_mutex_init(&directory->mutex);
    g_mutex_init(&directory->watch_mutex);
    directory->changes_seen = (gint)channel_changes();
    writer_on_commit(store_writer(store), committed, directory);
    if (reload(directory, error))
        return directory;
    channel_directory_free(directory);
    return NULL;
}

void channel_directory_free(ChannelDirectory *directory) {
    if (directory == NULL)
        return;
    writer_off_commit(store_writer(directory->store), committed, directory);
    if (directory->snapshot != NULL)
        snapshot_unref(directory->snapshot);
    g_array_unref(directory->watches);
    g_mutex_clear(&directory->mutex);
    g_mutex_clear(&directory->watch_mutex);
    g_free(directory);
}

// Between COMMIT and the writer's notice a change is already answered: whoever looks then must see
// it.
static Snapshot *snapshot_take(ChannelDirectory *directory) {
    if (is_behind(directory))
        reload(directory, NULL);
    g_mutex_lock(&directory->mutex);
    Snapshot *snapshot = g_atomic_rc_box_acquire(directory->snapshot);
    g_mutex_unlock(&directory->mutex);
    return snapshot;
}

void channel_directory_watch(ChannelDirectory *directory, ChannelDirectoryChanged changed,
                             gpointer data) {
    Watch watch = {.changed = changed, .data = data};
    g_mutex_lock(&directory->watch_mutex);
    g_array_append_val(directory->watches, watch);
    g_mutex_unlock(&directory->watch_mutex);
}

void channel_directory_unwatch(ChannelDirectory *directory, gpointer data) {
    g_mutex_lock(&directory->watch_mutex);
    for (guint at = directory->watches->len; at > 0; at--)
        if (g_array_index(directory->watches, Watch, at - 1).data == data)
            g_array_remove_index(directory->watches, at - 1);
    g_mutex_unlock(&directory->watch_mutex);
}

static ChannelConfig *config_ref(ChannelConfig *config) {
    return config != NULL ? channel_config_ref(config) : NULL;
}

ChannelConfig *channel_directory_find(ChannelDirectory *directory, Id id) {
    g_autoptr(Snapshot) snapshot = snapshot_take(directory);
    return config_ref(g_hash_table_lookup(snapshot->by_id, &id));
}

ChannelConfig *channel_directory_find_by_key(ChannelDirectory *directory, const char *kind,
                                             const char *key) {
    g_autoptr(Snapshot) snapshot = snapshot_take(directory);
    g_autofree char *name = pair(kind, key);
    return config_ref(g_hash_table_lookup(snapshot->by_key, name));
}

ChannelConfig *channel_directory_find_by_address(ChannelDirectory *directory, const char *kind,
                                                 const char *address) {
    g_autoptr(Snapshot) snapshot = snapshot_take(directory);
    g_autofree char *normal = party_address_normalize(address);
    g_autofree char *name = pair(kind, normal);
    return config_ref(g_hash_table_lookup(snapshot->by_address, name));
}

GPtrArray *channel_directory_list(ChannelDirectory *directory, const char *kind) {
    g_autoptr(Snapshot) snapshot = snapshot_take(directory);
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)channel_config_unref);
    for (guint at = 0; at < snapshot->all->len; at++) {
        ChannelConfig *config = snapshot->all->pdata[at];
        if (kind == NULL || g_str_equal(config->kind, kind))
            g_ptr_array_add(list, channel_config_ref(config));
    }
    return list;
}
