#include "store/channel.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define COLUMNS                                                                                    \
    "id, kind, name, address, key, settings, secrets, state, state_reason, calendar_id, team_id, " \
    "waits_from, created_at, version"

static gint changes;

guint channel_changes(void) {
    return (guint)g_atomic_int_get(&changes);
}

static gboolean changed(gboolean done) {
    if (done)
        g_atomic_int_inc(&changes);
    return done;
}

static gboolean is_secret(const ChannelKind *kind, const char *name) {
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++)
        if (g_str_equal(setting->name, name))
            return setting->type == SETTING_SECRET;
    return FALSE;
}

static char *values_to_json(const ChannelKind *kind, const ChannelConfig *config,
                            gboolean secrets) {
    json_t *json = json_object();
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, config->values);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (is_secret(kind, name) == secrets)
            json_object_set_new(json, name, json_string(value));
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(json);
    return text;
}

static void values_from_json(ChannelConfig *config, const char *text, gsize length) {
    json_t *json = json_loadb(text, length, 0, NULL);
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value) {
        if (json_is_string(value))
            channel_config_set(config, name, json_string_value(value));
    }
    json_decref(json);
}

static char *seal_owner(Id id) {
    return g_strdup_printf("channel/%" G_GINT64_FORMAT "/secrets", id);
}

static GBytes *seal_values(const SecretKey *key, const ChannelKind *kind,
                           const ChannelConfig *config) {
    g_autofree char *owner = seal_owner(config->id);
    char *text = values_to_json(kind, config, TRUE);
    g_autoptr(GBytes) plain = g_bytes_new_with_free_func(text, strlen(text), free, text);
    return secret_seal(key, owner, plain);
}

gboolean channel_add(Db *db, const SecretKey *key, const ChannelKind *kind,
                     const ChannelConfig *config, GError **error) {
    g_autofree char *settings = values_to_json(kind, config, FALSE);
    g_autoptr(GBytes) secrets = seal_values(key, kind, config);
    return changed(
        db_run(db,
               "INSERT INTO channel (" COLUMNS
               ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
               DB_VALUES(DB_ID(config->id), DB_TEXT(config->kind), DB_TEXT(config->name),
                         DB_TEXT(config->address), DB_TEXT(config->key), DB_TEXT(settings),
                         DB_BYTES(secrets), DB_TEXT(channel_state_name(config->state)), DB_NULL,
                         DB_ID(config->calendar_id), DB_ID(config->team_id),
                         DB_INSTANT(config->waits_from), DB_INSTANT(config->created_at), DB_INT(1)),
               error));
}

static gboolean exists(Db *db, Id id, GError **error) {
    gint64 found_id = 0;
    gboolean found = FALSE;
    if (!db_query_int(db, "SELECT id FROM channel WHERE id = $1 AND removed_at IS NULL",
                      DB_VALUES(DB_ID(id)), &found_id, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "channel_unknown", "there is no such channel");
    return found;
}

gboolean channel_change(Db *db, const SecretKey *key, const ChannelKind *kind,
                        const ChannelConfig *config, GError **error) {
    if (!exists(db, config->id, error))
        return FALSE;
    g_autofree char *settings = values_to_json(kind, config, FALSE);
    g_autoptr(GBytes) secrets = seal_values(key, kind, config);
    gint64 count = 0;
    ChannelState state = config->state == CHANNEL_PAUSED ? CHANNEL_PAUSED : CHANNEL_ACTIVE;
    if (!db_run_counted(db,
                        "UPDATE channel SET name = $1, address = $2, settings = $3, secrets = $4, "
                        "state = $5, state_reason = NULL, calendar_id = $6, team_id = $7, "
                        "version = version + 1 WHERE id = $8 AND version = $9",
                        DB_VALUES(DB_TEXT(config->name), DB_TEXT(config->address),
                                  DB_TEXT(settings), DB_BYTES(secrets),
                                  DB_TEXT(channel_state_name(state)), DB_ID(config->calendar_id),
                                  DB_ID(config->team_id), DB_ID(config->id),
                                  DB_INT(config->version)),
                        &count, error))
        return FALSE;
    if (count == 0)
        error_set(error, ERROR_PRECONDITION, "channel_changed",
                  "the channel has changed since it was read: read it again");
    return changed(count > 0);
}

gboolean channel_remove(Db *db, Id id, Instant now, GError **error) {
    if (!exists(db, id, error))
        return FALSE;
    g_autofree char *key = g_strdup_printf("removed-%" G_GINT64_FORMAT, id);
    return changed(db_run(db,
                          "UPDATE channel SET removed_at = $1, secrets = NULL, state = 'paused', "
                          "key = $2, name = name || ' (' || $2 || ')', version = version + 1 "
                          "WHERE id = $3",
                          DB_VALUES(DB_INSTANT(now), DB_TEXT(key), DB_ID(id)), error));
}

gboolean channel_set_state(Db *db, Id id, ChannelState state, const char *reason, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "UPDATE channel SET state = $1, state_reason = $2 WHERE id = $3 AND "
                        "removed_at IS NULL AND (state <> $1 OR coalesce(state_reason, '') <> "
                        "coalesce($2, ''))",
                        DB_VALUES(DB_TEXT(channel_state_name(state)), DB_TEXT(reason), DB_ID(id)),
                        &count, error))
        return FALSE;
    changed(count > 0);
    return TRUE;
}

static void open_secrets(ChannelConfig *config, const SecretKey *key, GBytes *sealed) {
    g_autofree char *owner = seal_owner(config->id);
    g_autoptr(GBytes) plain = sealed != NULL ? secret_open(key, owner, sealed, NULL) : NULL;
    if (plain == NULL) {
        config->state = CHANNEL_FAILING;
        g_free(config->state_reason);
        config->state_reason = g_strdup("its secrets do not open with this key file");
        return;
    }
    gsize length;
    const char *text = g_bytes_get_data(plain, &length);
    values_from_json(config, text, length);
}

static void replace(char **text, const char *with) {
    g_free(*text);
    *text = g_strdup(with);
}

static ChannelConfig *config_from_row(DbRows *rows, const SecretKey *key) {
    ChannelConfig *config = channel_config_new(db_rows_text(rows, 1));
    config->id = db_rows_id(rows, 0);
    replace(&config->name, db_rows_text(rows, 2));
    replace(&config->address, db_rows_text(rows, 3));
    replace(&config->key, db_rows_text(rows, 4));
    const char *settings = db_rows_text(rows, 5);
    values_from_json(config, settings, strlen(settings));
    if (!channel_state_parse(db_rows_text(rows, 7), &config->state))
        config->state = CHANNEL_FAILING;
    config->state_reason = g_strdup(db_rows_text(rows, 8));
    config->calendar_id = db_rows_id(rows, 9);
    config->team_id = db_rows_id(rows, 10);
    config->waits_from = db_rows_instant(rows, 11);
    config->created_at = db_rows_instant(rows, 12);
    config->version = db_rows_int(rows, 13);
    g_autoptr(GBytes) sealed = db_rows_bytes(rows, 6);
    open_secrets(config, key, sealed);
    return config;
}

GPtrArray *channel_list(Db *db, const SecretKey *key, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM channel WHERE removed_at IS NULL ORDER BY name",
                 DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)channel_config_unref);
    GError *failure = NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, config_from_row(rows, key));
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    return g_steal_pointer(&list);
}

ChannelConfig *channel_get(Db *db, const SecretKey *key, Id id, GError **error) {
    if (!exists(db, id, error))
        return NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM channel WHERE id = $1", DB_VALUES(DB_ID(id)), error);
    if (rows == NULL || !db_rows_next(rows, error))
        return NULL;
    return config_from_row(rows, key);
}
