// POST /hooks/{kind}/{key}: web hooks of providers. Verified over the raw bytes, decoded on this
// thread, answered 200 with an empty body after COMMIT; a forged one leaves nothing behind.
#include "api/resources.h"

#include "base/error.h"
#include "channels/registry.h"
#include "desk/hook.h"
#include "desk/inbound.h"

#define BODY_MAX (10 * 1024 * 1024)
#define LARGE_BYTES (64 * 1024)

static gboolean store_delivery(ApiCall *call, Db *db, gpointer data, GError **error) {
    if (!inbound_store(db, api_call_parts(call)->inbound, data, error))
        return FALSE;
    api_call_answer_empty(call, 200);
    return TRUE;
}

static void free_delivery(gpointer data) {
    delivery_free(data);
}

static gboolean is_running(ApiCall *call, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    if (parts->channels != NULL && parts->inbound != NULL)
        return TRUE;
    error_set(error, ERROR_UNAVAILABLE, "hooks_off", "web hooks are taken by a running server");
    return FALSE;
}

static Delivery *take(ApiCall *call, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    const HttpRequest *request = api_call_request(call);
    g_autoptr(ChannelConfig) config =
        hook_authenticate(parts->channels, api_call_path(call, "kind"), api_call_path(call, "key"),
                          request, clock_now(), error);
    if (config == NULL)
        return NULL;
    Delivery *delivery = hook_delivery_new(parts->store, config, "webhook", request, error);
    if (delivery != NULL)
        hook_acknowledge(parts->http, config, delivery);
    return delivery;
}

static void take_now(ApiCall *call) {
    GError *error = NULL;
    Delivery *delivery = is_running(call, &error) ? take(call, &error) : NULL;
    if (delivery != NULL)
        api_call_write(call, store_delivery, delivery, free_delivery);
    else
        api_call_fail(call, error);
}

// What is large takes longer to check and analyse than an http thread may be held.
static void take_hook(ApiCall *call) {
    if (g_bytes_get_size(api_call_request(call)->body) > LARGE_BYTES)
        api_call_work(call, take_now);
    else
        take_now(call);
}

static HttpAnswer *shake_hands(ApiCall *call) {
    const char *kind_name = api_call_path(call, "kind");
    const ChannelKind *kind = registry_find(kind_name);
    if (kind == NULL || kind->handshake == NULL)
        return NULL;
    g_autoptr(ChannelConfig) config = channel_directory_find_by_key(
        api_call_parts(call)->channels, kind_name, api_call_path(call, "key"));
    return config != NULL ? kind->handshake(api_call_request(call), config) : NULL;
}

// Always as plain text: what the provider sent in must never become a page (reliability.md W13).
static void answer_handshake(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(HttpAnswer) answer = is_running(call, &error) ? shake_hands(call) : NULL;
    if (answer != NULL) {
        const char *type = http_header_find(answer->headers, "Content-Type");
        api_call_answer_bytes(call, answer->status,
                              type != NULL ? type : "text/plain; charset=utf-8",
                              g_bytes_ref(answer->body));
        return;
    }
    if (error == NULL)
        error_set(&error, ERROR_UNAUTHENTICATED, "hook_refused",
                  "this is no channel's web hook, or its signature is wrong");
    api_call_fail(call, error);
}

const ApiRoute api_hook_routes[] = {
    {.method = "POST",
     .pattern = "/hooks/{kind}/{key}",
     .permission = PERMISSION_ANYONE,
     .handler = take_hook,
     .query = "*",
     .body_max = BODY_MAX,
     .any_body = TRUE},
    {.method = "GET",
     .pattern = "/hooks/{kind}/{key}",
     .permission = PERMISSION_ANYONE,
     .handler = answer_handshake,
     .query = "*"},
    {0},
};
