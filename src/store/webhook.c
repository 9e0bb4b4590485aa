#include "store/webhook.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define COLUMNS                                                                                    \
    "id, name, url, event_types, channel_ids, team_ids, include, secrets, former_until, state, "   \
    "state_reason, failing_since, event_seq, created_at, version"

static gint changes;

guint webhook_changes(void) {
    return (guint)g_atomic_int_get(&changes);
}

static gboolean changed(gboolean done) {
    if (done)
        g_atomic_int_inc(&changes);
    return done;
}

static char *seal_owner(Id id) {
    return g_strdup_printf("webhook/%" G_GINT64_FORMAT "/secrets", id);
}

static GBytes *seal_secrets(const SecretKey *key, const Webhook *webhook) {
    g_autofree char *owner = seal_owner(webhook->id);
    json_t *json = json_pack("{s:s?, s:s?}", "secret", webhook->secret, "former", webhook->former);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    g_autoptr(GBytes) plain = g_bytes_new_with_free_func(text, strlen(text), free, text);
    return secret_seal(key, owner, plain);
}

static void open_secrets(Webhook *webhook, const SecretKey *key, GBytes *sealed) {
    g_autofree char *owner = seal_owner(webhook->id);
    g_autoptr(GBytes) plain = sealed != NULL ? secret_open(key, owner, sealed, NULL) : NULL;
    if (plain == NULL) {
        webhook->state = WEBHOOK_DISABLED;
        g_free(webhook->state_reason);
        webhook->state_reason = g_strdup("its secrets do not open with this key file");
        return;
    }
    gsize length;
    const char *text = g_bytes_get_data(plain, &length);
    json_t *json = json_loadb(text, length, 0, NULL);
    webhook->secret = g_strdup(json_string_value(json_object_get(json, "secret")));
    webhook->former = g_strdup(json_string_value(json_object_get(json, "former")));
    json_decref(json);
}

static char *ids_to_text(const GArray *ids) {
    GString *text = g_string_new("[");
    for (guint at = 0; at < ids->len; at++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, at > 0 ? "," : "",
                               g_array_index(ids, Id, at));
    return g_string_free(g_string_append_c(text, ']'), FALSE);
}

static void ids_from_text(GArray *ids, const char *text) {
    json_t *list = json_loads(text, 0, NULL);
    size_t at;
    const json_t *item;
    json_array_foreach(list, at, item) {
        Id id = (Id)json_integer_value(item);
        g_array_append_val(ids, id);
    }
    json_decref(list);
}

static char *list_to_text(json_t *list) {
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

// Names that this program does not know (a newer one wrote them) are passed over.
static void read_lists(Webhook *webhook, const char *types, const char *include) {
    json_t *list = json_loads(types, 0, NULL);
    webhook_read_types(webhook, list, NULL);
    json_decref(list);
    list = json_loads(include, 0, NULL);
    webhook_read_include(webhook, list, NULL);
    json_decref(list);
}

static Webhook *webhook_from_row(DbRows *rows, const SecretKey *key) {
    Webhook *webhook = webhook_new();
    webhook->id = db_rows_id(rows, 0);
    webhook->name = g_strdup(db_rows_text(rows, 1));
    webhook->url = g_strdup(db_rows_text(rows, 2));
    ids_from_text(webhook->channels, db_rows_text(rows, 4));
    ids_from_text(webhook->teams, db_rows_text(rows, 5));
    webhook->former_until = db_rows_instant(rows, 8);
    if (!webhook_state_parse(db_rows_text(rows, 9), &webhook->state))
        webhook->state = WEBHOOK_DISABLED;
    webhook->state_reason = g_strdup(db_rows_text(rows, 10));
    webhook->failing_since = db_rows_instant(rows, 11);
    webhook->event_seq = db_rows_int(rows, 12);
    webhook->created_at = db_rows_instant(rows, 13);
    webhook->version = db_rows_int(rows, 14);
    g_autofree char *types = g_strdup(db_rows_text(rows, 3));
    read_lists(webhook, types, db_rows_text(rows, 6));
    g_autoptr(GBytes) sealed = db_rows_bytes(rows, 7);
    open_secrets(webhook, key, sealed);
    return webhook;
}

GPtrArray *webhook_list(Db *db, const SecretKey *key, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM webhook WHERE removed_at IS NULL ORDER BY name, id",
                 DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)webhook_free);
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, webhook_from_row(rows, key));
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, failure);
    return NULL;
}

static gboolean refuse_unknown(GError **error) {
    error_set(error, ERROR_NOT_FOUND, "webhook_unknown", "there is no such web hook");
    return FALSE;
}

Webhook *webhook_get(Db *db, const SecretKey *key, Id id, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM webhook WHERE id = $1 AND removed_at IS NULL",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &failure))
        return webhook_from_row(rows, key);
    if (failure == NULL)
        refuse_unknown(&failure);
    g_propagate_error(error, failure);
    return NULL;
}

// The database only says that something is there twice: it is the name.
static gboolean explain(GError *failure, const char *name, GError **error) {
    if (error_kind(failure) != ERROR_CONFLICT) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_error_free(failure);
    error_set(error, ERROR_CONFLICT, "webhook_exists", "there is a web hook named %s already",
              name);
    return FALSE;
}

gboolean webhook_add(Db *db, const SecretKey *key, const Webhook *webhook, GError **error) {
    g_autofree char *types = list_to_text(webhook_types_to_json(webhook));
    g_autofree char *include = list_to_text(webhook_include_to_json(webhook));
    g_autofree char *channels = ids_to_text(webhook->channels);
    g_autofree char *teams = ids_to_text(webhook->teams);
    g_autoptr(GBytes) secrets = seal_secrets(key, webhook);
    GError *failure = NULL;
    gboolean added = db_run(
        db,
        "INSERT INTO webhook (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, "
        "NULL, $11, $12, 1)",
        DB_VALUES(DB_ID(webhook->id), DB_TEXT(webhook->name), DB_TEXT(webhook->url), DB_TEXT(types),
                  DB_TEXT(channels), DB_TEXT(teams), DB_TEXT(include), DB_BYTES(secrets),
                  DB_INSTANT(webhook->former_until), DB_TEXT(webhook_state_name(webhook->state)),
                  DB_INT(webhook->event_seq), DB_INSTANT(webhook->created_at)),
        &failure);
    return changed(added) || explain(failure, webhook->name, error);
}

gboolean webhook_change(Db *db, const SecretKey *key, const Webhook *webhook, GError **error) {
    g_autofree char *types = list_to_text(webhook_types_to_json(webhook));
    g_autofree char *include = list_to_text(webhook_include_to_json(webhook));
    g_autofree char *channels = ids_to_text(webhook->channels);
    g_autofree char *teams = ids_to_text(webhook->teams);
    g_autoptr(GBytes) secrets = seal_secrets(key, webhook);
    GError *failure = NULL;
    gint64 count = 0;
    if (!db_run_counted(
            db,
            "UPDATE webhook SET name = $3, url = $4, event_types = $5, channel_ids = $6, team_ids "
            "= $7, include = $8, secrets = $9, former_until = $10, state = $11, state_reason = "
            "NULL, failing_since = NULL, version = version + 1 WHERE id = $1 AND version = $2 AND "
            "removed_at IS NULL",
            DB_VALUES(DB_ID(webhook->id), DB_INT(webhook->version), DB_TEXT(webhook->name),
                      DB_TEXT(webhook->url), DB_TEXT(types), DB_TEXT(channels), DB_TEXT(teams),
                      DB_TEXT(include), DB_BYTES(secrets), DB_INSTANT(webhook->former_until),
                      DB_TEXT(webhook_state_name(webhook->state))),
            &count, &failure))
        return explain(failure, webhook->name, error);
    if (count == 0)
        error_set(error, ERROR_PRECONDITION, "version_conflict",
                  "the web hook has changed since it was read: read it again");
    return changed(count > 0);
}

gboolean webhook_remove(Db *db, Id id, Instant now, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "UPDATE webhook SET removed_at = $2, secrets = NULL, state = 'paused', "
                        "name = name || ' (removed ' || CAST(id AS TEXT) || ')', version = version "
                        "+ 1 WHERE id = $1 AND removed_at IS NULL",
                        DB_VALUES(DB_ID(id), DB_INSTANT(now)), &count, error))
        return FALSE;
    return changed(count > 0) || refuse_unknown(error);
}

gboolean webhook_disable(Db *db, Id id, const char *reason, GError **error) {
    return changed(db_run(db,
                          "UPDATE webhook SET state = 'disabled', state_reason = $2, version = "
                          "version + 1 WHERE id = $1 AND state = 'active'",
                          DB_VALUES(DB_ID(id), DB_TEXT(reason)), error));
}

gboolean webhook_set_failing(Db *db, Id id, Instant since, GError **error) {
    return changed(db_run(db, "UPDATE webhook SET failing_since = $2 WHERE id = $1",
                          DB_VALUES(DB_ID(id), DB_INSTANT(since)), error));
}

gboolean webhook_move_on(Db *db, Id id, gint64 event_seq, GError **error) {
    return db_run(db, "UPDATE webhook SET event_seq = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INT(event_seq)), error);
}
