// /api/v1/webhooks: web hooks out. Their secrets are made here, shown once, and never again.
#include "api/webhooks.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/fetch_settings.h"
#include "desk/webhook.h"
#include "desk/webhook_admin.h"

#define IDS_MAX 200
#define FORMER_MS (24 * G_GINT64_CONSTANT(3600000)) // so long both secrets sign

gboolean webhooks_check_viewer(const ApiCall *call, GError **error) {
    return api_call_see_all(call, "a web hook", error);
}

static json_t *ids_to_json(const GArray *ids) {
    char text[ID_TEXT_SIZE];
    json_t *list = json_array();
    for (guint at = 0; at < ids->len; at++)
        json_array_append_new(list, json_string(id_format(g_array_index(ids, Id, at), text)));
    return list;
}

static json_t *instant_to_json(Instant instant) {
    g_autofree char *text = instant != INSTANT_NONE ? instant_format(instant) : NULL;
    return text != NULL ? json_string(text) : json_null();
}

static json_t *webhook_to_json(const Webhook *webhook) {
    char id[ID_TEXT_SIZE];
    gboolean has_former = webhook->former_until > clock_now();
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s?, s:o, s:o, s:o, s:I}", "id",
        id_format(webhook->id, id), "name", webhook->name, "url", webhook->url, "event_types",
        webhook_types_to_json(webhook), "channel_ids", ids_to_json(webhook->channels), "team_ids",
        ids_to_json(webhook->teams), "include", webhook_include_to_json(webhook), "state",
        webhook_state_name(webhook->state), "state_reason", webhook->state_reason, "failing_since",
        instant_to_json(webhook->failing_since), "former_secret_until",
        instant_to_json(has_former ? webhook->former_until : INSTANT_NONE), "created_at",
        instant_to_json(webhook->created_at), "version", (json_int_t)webhook->version);
}

static void list_webhooks(ApiCall *call) {
    GError *error = NULL;
    Db *db = webhooks_check_viewer(call, &error) ? api_call_reader(call, &error) : NULL;
    g_autoptr(GPtrArray) list =
        db != NULL ? webhook_list(db, store_key(api_call_parts(call)->store), &error) : NULL;
    if (list == NULL) {
        api_call_fail(call, error);
        return;
    }
    json_t *items = json_array();
    for (guint at = 0; at < list->len; at++)
        json_array_append_new(items, webhook_to_json(list->pdata[at]));
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
}

// The hook that the path names; NULL with an error.
static Webhook *path_webhook(ApiCall *call, GError **error) {
    Id id = webhooks_check_viewer(call, error) ? api_call_path_id(call, "webhook", error) : 0;
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    return db != NULL ? webhook_get(db, store_key(api_call_parts(call)->store), id, error) : NULL;
}

static void get_webhook(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(Webhook) webhook = path_webhook(call, &error);
    if (webhook == NULL) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_version(call, webhook->version);
    api_call_answer_json(call, 200, webhook_to_json(webhook));
}

typedef struct {
    const char *name;
    const char *url;
    const json_t *types;
    const json_t *channels;
    const json_t *teams;
    const json_t *include;
} Fields;

static gboolean take_ids(const char *name, const json_t *value, GArray **ids, GError **error) {
    GArray *read = value != NULL ? field_read_ids(name, value, IDS_MAX, error) : NULL;
    if (read != NULL) {
        g_array_unref(*ids);
        *ids = read;
    }
    return value == NULL || read != NULL;
}

static void take_text(char **text, const char *with) {
    if (with == NULL)
        return;
    g_free(*text);
    *text = g_strdup(with);
}

static gboolean take_fields(const ApiCall *call, Webhook *webhook, const Fields *fields,
                            GError **error) {
    const FetchOptions *network = api_call_parts(call)->mail_servers;
    gboolean allow_http = network != NULL && network->allow_private;
    take_text(&webhook->name, fields->name);
    take_text(&webhook->url, fields->url);
    return field_check_line("name", webhook->name, 1, 200, error) &&
           webhook_check_url(webhook->url, allow_http, error) &&
           (fields->types == NULL || webhook_read_types(webhook, fields->types, error)) &&
           (fields->include == NULL || webhook_read_include(webhook, fields->include, error)) &&
           take_ids("channel_ids", fields->channels, &webhook->channels, error) &&
           take_ids("team_ids", fields->teams, &webhook->teams, error);
}

// What is about to be written.
typedef struct {
    Webhook *webhook;
    const char *action; // of the audit row
    gboolean is_new;
    gboolean shows_secret; // this once
} WebhookWrite;

static void webhook_write_free(gpointer data) {
    WebhookWrite *write = data;
    webhook_free(write->webhook);
    g_free(write);
}

static WebhookActor actor_of(const ApiCall *call) {
    WebhookActor who;
    who.actor = api_call_actor(call, &who.actor_id);
    return who;
}

static gboolean check_all(Db *db, const char *name, const char *sql, const GArray *ids,
                          GError **error) {
    for (guint at = 0; at < ids->len; at++) {
        gint64 one;
        gboolean found;
        if (!db_query_int(db, sql, DB_VALUES(DB_ID(g_array_index(ids, Id, at))), &one, &found,
                          error))
            return FALSE;
        if (!found) {
            error_set(error, ERROR_INVALID, "field_invalid", "%s names what does not exist", name);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean keep(ApiCall *call, Db *db, const WebhookWrite *write, GError **error) {
    const SecretKey *key = store_key(api_call_parts(call)->store);
    Webhook *webhook = write->webhook;
    if (!check_all(db, "channel_ids", "SELECT 1 FROM channel WHERE id = $1", webhook->channels,
                   error) ||
        !check_all(db, "team_ids", "SELECT 1 FROM team WHERE id = $1", webhook->teams, error))
        return FALSE;
    return write->is_new
               ? webhook_admin_add(db, key, webhook, actor_of(call), error)
               : webhook_admin_change(db, key, webhook, write->action, actor_of(call), error);
}

static gboolean write_webhook(ApiCall *call, Db *db, gpointer data, GError **error) {
    const WebhookWrite *write = data;
    if (!keep(call, db, write, error))
        return FALSE;
    const SecretKey *key = store_key(api_call_parts(call)->store);
    g_autoptr(Webhook) kept = webhook_get(db, key, write->webhook->id, error);
    if (kept == NULL)
        return FALSE;
    json_t *json = webhook_to_json(kept);
    if (write->shows_secret) {
        json_object_set_new(json, "secret", json_string(kept->secret));
        api_call_keep_no_answer(call);
    }
    api_call_add_version(call, kept->version);
    api_call_answer_json(call, write->is_new ? 201 : 200, json);
    return TRUE;
}

static void submit(ApiCall *call, Webhook *webhook, const WebhookWrite *how) {
    WebhookWrite *write = g_memdup2(how, sizeof *how);
    write->webhook = webhook;
    api_call_write(call, write_webhook, write, webhook_write_free);
}

static Webhook *decode_new(ApiCall *call, GError **error) {
    Fields fields = {0};
    g_autoptr(Webhook) webhook = webhook_new();
    if (!webhooks_check_viewer(call, error) ||
        !api_call_unpack(call, error, "{s:s, s:s, s:o, s?o, s?o, s?o}", "name", &fields.name, "url",
                         &fields.url, "event_types", &fields.types, "channel_ids", &fields.channels,
                         "team_ids", &fields.teams, "include", &fields.include) ||
        !take_fields(call, webhook, &fields, error))
        return NULL;
    webhook->id = id_next();
    webhook->created_at = clock_now();
    webhook->secret = webhook_admin_secret();
    return g_steal_pointer(&webhook);
}

static void add_webhook(ApiCall *call) {
    GError *error = NULL;
    Webhook *webhook = decode_new(call, &error);
    if (webhook == NULL)
        api_call_fail(call, error);
    else
        submit(call, webhook, &(WebhookWrite){.is_new = TRUE, .shows_secret = TRUE});
}

static gboolean check_secret(const Webhook *webhook, GError **error) {
    if (webhook->secret == NULL)
        error_set(error, ERROR_CONFLICT, "webhook_without_secret",
                  "its secret did not come along: rotate it first");
    return webhook->secret != NULL;
}

// Whatever was changed: unless it is paused it begins anew.
static gboolean decode_change(ApiCall *call, Webhook *webhook, GError **error) {
    Fields fields = {0};
    int is_paused = webhook->state == WEBHOOK_PAUSED;
    if (!check_secret(webhook, error) || !api_call_match_version(call, webhook->version, error) ||
        !api_call_unpack(call, error, "{s?s, s?s, s?o, s?o, s?o, s?o, s?b}", "name", &fields.name,
                         "url", &fields.url, "event_types", &fields.types, "channel_ids",
                         &fields.channels, "team_ids", &fields.teams, "include", &fields.include,
                         "paused", &is_paused) ||
        !take_fields(call, webhook, &fields, error))
        return FALSE;
    webhook->state = is_paused ? WEBHOOK_PAUSED : WEBHOOK_ACTIVE;
    return TRUE;
}

static void change_webhook(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(Webhook) webhook = path_webhook(call, &error);
    if (webhook == NULL || !decode_change(call, webhook, &error))
        api_call_fail(call, error);
    else
        submit(call, g_steal_pointer(&webhook), &(WebhookWrite){.action = "webhook_changed"});
}

static void rotate_secret(ApiCall *call) {
    GError *error = NULL;
    Webhook *webhook = path_webhook(call, &error);
    if (webhook == NULL) {
        api_call_fail(call, error);
        return;
    }
    g_free(webhook->former);
    webhook->former = webhook->secret;
    webhook->former_until = clock_now() + FORMER_MS;
    webhook->secret = webhook_admin_secret();
    submit(call, webhook,
           &(WebhookWrite){.action = "webhook_secret_changed", .shows_secret = TRUE});
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    if (!webhook_admin_remove(db, *(const Id *)data, actor_of(call), error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_webhook(ApiCall *call) {
    GError *error = NULL;
    Id id = webhooks_check_viewer(call, &error) ? api_call_path_id(call, "webhook", &error) : 0;
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, g_memdup2(&id, sizeof id), g_free);
}

#define ROUTE(name, path, run)                                                                     \
    { .method = name, .pattern = path, .permission = PERMISSION_RULE_MANAGE, .handler = run }

const ApiRoute api_webhook_routes[] = {
    ROUTE("GET", "/api/v1/webhooks", list_webhooks),
    ROUTE("POST", "/api/v1/webhooks", add_webhook),
    ROUTE("GET", "/api/v1/webhooks/{webhook}", get_webhook),
    ROUTE("PATCH", "/api/v1/webhooks/{webhook}", change_webhook),
    ROUTE("DELETE", "/api/v1/webhooks/{webhook}", remove_webhook),
    ROUTE("POST", "/api/v1/webhooks/{webhook}/rotate", rotate_secret),
    {0},
};
