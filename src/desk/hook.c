#include "desk/hook.h"

#include "base/error.h"
#include "channels/registry.h"
#include "desk/provider_call.h"

// Has no key that a URL could name, and secrets that nobody knows.
static ChannelConfig *decoy_new(const ChannelKind *kind) {
    ChannelConfig *decoy = channel_config_new(kind->name);
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++) {
        g_autofree char *secret =
            setting->type == SETTING_SECRET ? secret_token("", 256) : g_strdup(setting->initial);
        channel_config_set(decoy, setting->name, secret);
    }
    return decoy;
}

static gboolean fail(GError **error) {
    error_set(error, ERROR_UNAUTHENTICATED, "hook_refused",
              "this is no channel's web hook, or its signature is wrong");
    return FALSE;
}

ChannelConfig *hook_authenticate(ChannelDirectory *directory, const char *kind_name,
                                 const char *key, const HttpRequest *request, Instant now,
                                 GError **error) {
    const ChannelKind *kind = registry_find(kind_name);
    if (kind == NULL || kind->verify == NULL) {
        fail(error);
        return NULL;
    }
    g_autoptr(ChannelConfig) config = channel_directory_find_by_key(directory, kind_name, key);
    g_autoptr(ChannelConfig) decoy = config == NULL ? decoy_new(kind) : NULL;
    gboolean good = kind->verify(request, config != NULL ? config : decoy, now, NULL);
    if (good && config != NULL)
        return g_steal_pointer(&config);
    fail(error);
    return NULL;
}

static char *delivery_key_of(const ChannelKind *kind, const HttpRequest *request) {
    char *key = kind->delivery_key != NULL ? kind->delivery_key(request) : NULL;
    if (key != NULL)
        return key;
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, request->body);
    return g_strconcat("sha256:", hash, NULL);
}

Delivery *hook_delivery_new(Store *store, const ChannelConfig *config, const char *source,
                            const HttpRequest *request, GError **error) {
    const ChannelKind *kind = registry_find(config->kind);
    g_autofree char *key = delivery_key_of(kind, request);
    g_autoptr(Delivery) delivery =
        delivery_new(config->id, source, key, g_bytes_ref(request->body));
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) list = kind->decode(request->body, config, &failure);
    if (list == NULL)
        delivery_quarantine(delivery, failure->message);
    else
        delivery->incoming = g_steal_pointer(&list);
    return delivery_prepare(delivery, store, error) ? g_steal_pointer(&delivery) : NULL;
}

void hook_acknowledge(HttpClient *client, const ChannelConfig *config, const Delivery *delivery) {
    const ChannelKind *kind = registry_find(config->kind);
    for (guint at = 0; kind->acknowledge != NULL && delivery->incoming != NULL && client != NULL &&
                       at < delivery->incoming->len;
         at++) {
        HttpRequest *request = kind->acknowledge(delivery->incoming->pdata[at], config);
        if (request != NULL)
            provider_tell(client, request);
    }
}
