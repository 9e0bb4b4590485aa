// /api/v1/channels and /api/v1/channel-kinds: connected addresses with their declared settings.
// Secrets go in and never come out again, but for those that were made here, once.
#include "api/field.h"
#include "api/public_json.h"
#include "api/resources.h"

#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "channels/settings.h"
#include "desk/channel_admin.h"
#include "desk/channel_check.h"
#include "store/channel.h"

static json_t *setting_to_json(const ChannelSetting *setting) {
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", setting->name, "title",
                             setting->title, "help", setting->help, "type",
                             settings_type_name(setting), "required", setting->is_required);
    if (setting->initial != NULL && setting->type != SETTING_SECRET)
        json_object_set_new(json, "default", json_string(setting->initial));
    if (setting->choices == NULL)
        return json;
    json_t *choices = json_array();
    g_auto(GStrv) names = g_strsplit(setting->choices, "|", -1);
    for (char **name = names; *name != NULL; name++)
        json_array_append_new(choices, json_string(*name));
    json_object_set_new(json, "choices", choices);
    return json;
}

static json_t *abilities_to_json(guint abilities) {
    static const char *const names[] = {"reply",   "attach", "quote",   "html",
                                        "subject", "begin",  "webhook", "poll"};
    json_t *json = json_array();
    for (guint at = 0; at < G_N_ELEMENTS(names); at++)
        if ((abilities & (1U << at)) != 0)
            json_array_append_new(json, json_string(names[at]));
    return json;
}

static json_t *kind_to_json(const ChannelKind *kind) {
    json_t *settings = json_array();
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++)
        json_array_append_new(settings, setting_to_json(setting));
    return json_pack("{s:s, s:s, s:o, s:o}", "name", kind->name, "title", kind->title, "abilities",
                     abilities_to_json(kind->abilities), "settings", settings);
}

static void list_kinds(ApiCall *call) {
    json_t *items = json_array();
    for (const ChannelKind *const *kind = registry_list(); *kind != NULL; kind++)
        json_array_append_new(items, kind_to_json(*kind));
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
}

static char *hook_url(const ApiCall *call, const ChannelConfig *config) {
    const char *base = api_call_parts(call)->public_url;
    const ChannelKind *kind = registry_find(config->kind);
    gboolean has_hook = kind != NULL && (kind->abilities & ABILITY_WEBHOOK) != 0;
    return has_hook && base != NULL && *base != '\0'
               ? g_strdup_printf("%s/hooks/%s/%s", base, config->kind, config->key)
               : NULL;
}

// Settings in the clear, secrets as true where they are set.
static void values_to_json(const ChannelConfig *config, json_t *settings, json_t *secrets) {
    const ChannelKind *kind = registry_find(config->kind);
    for (const ChannelSetting *setting = kind != NULL ? kind->settings : NULL;
         setting != NULL && setting->name != NULL; setting++) {
        const char *value = channel_config_get(config, setting->name);
        if (setting->type == SETTING_SECRET)
            json_object_set_new(secrets, setting->name, json_boolean(value != NULL));
        else if (value != NULL)
            json_object_set_new(settings, setting->name, json_string(value));
    }
}

static json_t *channel_to_json(const ApiCall *call, const ChannelConfig *config) {
    g_autofree char *hook = hook_url(call, config);
    json_t *settings = json_object();
    json_t *secrets = json_object();
    values_to_json(config, settings, secrets);
    json_t *json = json_pack(
        "{s:o, s:s, s:s, s:s, s:s, s:s?, s:o, s:o, s:o, s:o, s:I}", "id", id_to_json(config->id),
        "kind", config->kind, "name", config->name, "address", config->address, "state",
        channel_state_name(config->state), "state_reason", config->state_reason, "team_id",
        id_to_json(config->team_id), "calendar_id", id_to_json(config->calendar_id), "waits_from",
        instant_to_json(config->waits_from), "created_at", instant_to_json(config->created_at),
        "version", (json_int_t)config->version);
    if (principal_may(api_call_principal(call), PERMISSION_CHANNEL_MANAGE)) {
        json_object_set(json, "settings", settings);
        json_object_set(json, "secrets", secrets);
        json_object_set_new(json, "hook_url", hook != NULL ? json_string(hook) : json_null());
        json_object_set_new(json, "hook_path",
                            json_sprintf("/hooks/%s/%s", config->kind, config->key));
    }
    json_decref(settings);
    json_decref(secrets);
    return json;
}

static void list_channels(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    g_autoptr(GPtrArray) list =
        db != NULL ? channel_list(db, store_key(api_call_parts(call)->store), &error) : NULL;
    if (list == NULL) {
        api_call_fail(call, error);
        return;
    }
    json_t *items = json_array();
    for (guint at = 0; at < list->len; at++) {
        const ChannelConfig *config = list->pdata[at];
        if (api_call_see(call, VISIBILITY_CHANNEL, config->id, NULL))
            json_array_append_new(items, channel_to_json(call, config));
    }
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
}

// The channel that the path names; NULL with an error.
static ChannelConfig *path_channel(ApiCall *call, GError **error) {
    Id id = api_call_path_id(call, "channel", error);
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    return db != NULL ? channel_get(db, store_key(api_call_parts(call)->store), id, error) : NULL;
}

static void get_channel(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(ChannelConfig) config = path_channel(call, &error);
    if (config == NULL) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_version(call, config->version);
    api_call_answer_json(call, 200, channel_to_json(call, config));
}

// What is about to be written.
typedef struct {
    ChannelConfig *config; // for removals: only its id counts
    gboolean is_new;
    json_t *made; // secrets that were made here, shown this once
    json_t *seen; // lines of the live check
} ChannelWrite;

static void channel_write_free(gpointer data) {
    ChannelWrite *write = data;
    channel_config_unref(write->config);
    json_decref(write->made);
    json_decref(write->seen);
    g_free(write);
}

static ChannelActor actor_of(const ApiCall *call) {
    ChannelActor who;
    who.actor = api_call_actor(call, &who.actor_id);
    return who;
}

static gboolean write_channel(ApiCall *call, Db *db, gpointer data, GError **error) {
    const ChannelWrite *write = data;
    const SecretKey *key = store_key(api_call_parts(call)->store);
    Id id = write->config->id;
    if (!channel_admin_keep(db, key, write->config, write->is_new, actor_of(call), error))
        return FALSE;
    g_autoptr(ChannelConfig) kept = channel_get(db, key, id, error);
    if (kept == NULL)
        return FALSE;
    json_t *json = channel_to_json(call, kept);
    json_object_set(json, "seen", write->seen);
    if (json_object_size(write->made) > 0) {
        json_object_set(json, "made_secrets", write->made);
        api_call_keep_no_answer(call);
    }
    api_call_add_version(call, kept->version);
    api_call_answer_json(call, write->is_new ? 201 : 200, json);
    return TRUE;
}

// Asks the provider unless ?check=no. FALSE with an error.
static gboolean check(ApiCall *call, ChannelConfig *config, json_t *seen, GError **error) {
    const char *wanted = api_call_query(call, "check");
    if (wanted != NULL && strcmp(wanted, "no") == 0)
        return TRUE;
    g_autofree char *hook = hook_url(call, config);
    g_autofree char *address = NULL;
    g_autoptr(ChannelConfig) whole = channel_config_copy(config);
    settings_fill_defaults(registry_find(config->kind), whole);
    HttpClient *running = api_call_parts(call)->http;
    g_autoptr(HttpClient) own = running == NULL ? http_client_new() : NULL;
    static const FetchOptions none = {0};
    const FetchOptions *options = api_call_parts(call)->mail_servers;
    if (!channel_check(whole, running != NULL ? running : own, options != NULL ? options : &none,
                       hook, seen, &address, error))
        return FALSE;
    if (address != NULL) {
        g_free(config->address);
        config->address = g_steal_pointer(&address);
    }
    return TRUE;
}

static void check_and_write(ApiCall *call, ChannelWrite *write) {
    GError *error = NULL;
    write->seen = json_array();
    if (check(call, write->config, write->seen, &error)) {
        api_call_write(call, write_channel, write, channel_write_free);
        return;
    }
    channel_write_free(write);
    // A provider's refusal is not one of ours: the caller must mend the settings.
    if (error_kind(error) == ERROR_UNAUTHENTICATED) {
        GError *invalid = NULL;
        error_set(&invalid, ERROR_INVALID, error_code(error), "%s", error->message);
        g_error_free(error);
        error = invalid;
    }
    api_call_fail(call, error);
}

static json_t *made_secrets(const ChannelConfig *config, const json_t *given) {
    json_t *made = json_object();
    const ChannelKind *kind = registry_find(config->kind);
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++) {
        const char *value = channel_config_get(config, setting->name);
        if (setting->type == SETTING_SECRET && value != NULL &&
            json_object_get(given, setting->name) == NULL)
            json_object_set_new(made, setting->name, json_string(value));
    }
    return made;
}

static ChannelConfig *decode_new(ApiCall *call, json_t **made, GError **error) {
    const char *kind = NULL;
    const char *name = NULL;
    json_t *settings = NULL;
    if (!api_call_unpack(call, error, "{s:s, s:s, s?o}", "kind", &kind, "name", &name, "settings",
                         &settings) ||
        !field_check_line("name", name, 1, 200, error))
        return NULL;
    ChannelConfig *config = channel_admin_draft(kind, name, settings, error);
    if (config != NULL)
        *made = made_secrets(config, settings);
    return config;
}

static void add_work(ApiCall *call) {
    GError *error = NULL;
    json_t *made = NULL;
    ChannelConfig *config = decode_new(call, &made, &error);
    if (config == NULL) {
        api_call_fail(call, error);
        return;
    }
    ChannelWrite *write = g_new0(ChannelWrite, 1);
    *write = (ChannelWrite){.config = config, .is_new = TRUE, .made = made};
    check_and_write(call, write);
}

static void add_channel(ApiCall *call) {
    api_call_work(call, add_work);
}

static gboolean read_optional_id(const char *name, const json_t *value, Id *id, GError **error) {
    return value == NULL || field_read_id(name, value, TRUE, id, error);
}

static ChannelConfig *decode_change(ApiCall *call, const ChannelConfig *present, GError **error) {
    const char *name = NULL;
    json_t *settings = NULL;
    json_t *team = NULL;
    json_t *calendar = NULL;
    int is_paused = -1;
    if (!api_call_unpack(call, error, "{s?s, s?o, s?o, s?o, s?b}", "name", &name, "settings",
                         &settings, "team_id", &team, "calendar_id", &calendar, "paused",
                         &is_paused) ||
        (name != NULL && !field_check_line("name", name, 1, 200, error)))
        return NULL;
    g_autoptr(ChannelConfig) config = channel_admin_change(present, settings, error);
    if (config == NULL || !read_optional_id("team_id", team, &config->team_id, error) ||
        !read_optional_id("calendar_id", calendar, &config->calendar_id, error))
        return NULL;
    if (name != NULL) {
        g_free(config->name);
        config->name = g_strdup(name);
    }
    if (is_paused != -1)
        config->state = is_paused ? CHANNEL_PAUSED : CHANNEL_ACTIVE;
    return g_steal_pointer(&config);
}

static void change_work(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(ChannelConfig) present = path_channel(call, &error);
    ChannelConfig *config =
        present != NULL && api_call_match_version(call, present->version, &error)
            ? decode_change(call, present, &error)
            : NULL;
    if (config == NULL) {
        api_call_fail(call, error);
        return;
    }
    ChannelWrite *write = g_new0(ChannelWrite, 1);
    *write = (ChannelWrite){.config = config, .made = json_object()};
    check_and_write(call, write);
}

static void change_channel(ApiCall *call) {
    api_call_work(call, change_work);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const ChannelConfig *config = data;
    if (!channel_admin_remove(db, config->id, actor_of(call), error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void config_free(gpointer data) {
    channel_config_unref(data);
}

static void remove_channel(ApiCall *call) {
    GError *error = NULL;
    ChannelConfig *config = path_channel(call, &error);
    if (config == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, config, config_free);
}

static void check_work(ApiCall *call) {
    GError *error = NULL;
    ChannelConfig *config = path_channel(call, &error);
    if (config == NULL) {
        api_call_fail(call, error);
        return;
    }
    ChannelWrite *write = g_new0(ChannelWrite, 1);
    *write = (ChannelWrite){.config = config, .made = json_object()};
    check_and_write(call, write);
}

static void check_channel(ApiCall *call) {
    api_call_work(call, check_work);
}

#define ROUTE(name, path, role, run, parameters)                                                   \
    { .method = name, .pattern = path, .permission = role, .handler = run, .query = parameters }

const ApiRoute api_channel_routes[] = {
    ROUTE("GET", "/api/v1/channel-kinds", PERMISSION_SIGNED_IN, list_kinds, NULL),
    ROUTE("GET", "/api/v1/channels", PERMISSION_SIGNED_IN, list_channels, NULL),
    ROUTE("POST", "/api/v1/channels", PERMISSION_CHANNEL_MANAGE, add_channel, "check"),
    ROUTE("GET", "/api/v1/channels/{channel}", PERMISSION_SIGNED_IN, get_channel, NULL),
    ROUTE("PATCH", "/api/v1/channels/{channel}", PERMISSION_CHANNEL_MANAGE, change_channel,
          "check"),
    ROUTE("DELETE", "/api/v1/channels/{channel}", PERMISSION_CHANNEL_MANAGE, remove_channel, NULL),
    ROUTE("POST", "/api/v1/channels/{channel}/check", PERMISSION_CHANNEL_MANAGE, check_channel,
          NULL),
    {0},
};
