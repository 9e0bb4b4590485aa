#include "model/webhook.h"

#include <string.h>

#include "base/error.h"

#define URL_MAX 2000
#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))

static const char *const state_names[] = {
    [WEBHOOK_ACTIVE] = "active",
    [WEBHOOK_PAUSED] = "paused",
    [WEBHOOK_DISABLED] = "disabled",
};

const char *webhook_state_name(WebhookState state) {
    return state_names[state];
}

gboolean webhook_state_parse(const char *name, WebhookState *state) {
    for (guint at = 0; at < G_N_ELEMENTS(state_names); at++)
        if (strcmp(state_names[at], name) == 0) {
            *state = (WebhookState)at;
            return TRUE;
        }
    return FALSE;
}

Webhook *webhook_new(void) {
    Webhook *webhook = g_new0(Webhook, 1);
    webhook->channels = g_array_new(FALSE, FALSE, sizeof(Id));
    webhook->teams = g_array_new(FALSE, FALSE, sizeof(Id));
    webhook->former_until = webhook->failing_since = INSTANT_NONE;
    webhook->version = 1;
    return webhook;
}

void webhook_free(Webhook *webhook) {
    if (webhook == NULL)
        return;
    g_free(webhook->name);
    g_free(webhook->url);
    g_array_unref(webhook->channels);
    g_array_unref(webhook->teams);
    g_free(webhook->secret);
    g_free(webhook->former);
    g_free(webhook->state_reason);
    g_free(webhook);
}

static gboolean refuse(const char *field, const char *name, GError **error) {
    error_set(error, ERROR_INVALID, "field_invalid",
              "%s must be a list of names; \"%.60s\" is none", field, name != NULL ? name : "");
    return FALSE;
}

static gboolean read_type(Webhook *webhook, const char *name) {
    EventType type;
    if (name != NULL && strcmp(name, "*") == 0)
        return webhook->wants_all = TRUE;
    if (name == NULL || !event_type_parse(name, &type))
        return FALSE;
    return webhook->wants[type] = TRUE;
}

gboolean webhook_read_types(Webhook *webhook, const json_t *list, GError **error) {
    size_t at;
    const json_t *item;
    webhook->wants_all = FALSE;
    memset(webhook->wants, 0, sizeof webhook->wants);
    if (!json_is_array(list))
        return refuse("event_types", NULL, error);
    json_array_foreach(list, at, item) {
        if (!read_type(webhook, json_string_value(item)))
            return refuse("event_types", json_string_value(item), error);
    }
    return TRUE;
}

json_t *webhook_types_to_json(const Webhook *webhook) {
    json_t *list = json_array();
    if (webhook->wants_all)
        json_array_append_new(list, json_string("*"));
    for (guint type = 0; type < EVENT_TYPES; type++)
        if (webhook->wants[type])
            json_array_append_new(list, json_string(event_type_name((EventType)type)));
    return list;
}

static gboolean read_part(Webhook *webhook, const char *name) {
    if (g_strcmp0(name, "conversation") == 0)
        return webhook->includes_conversation = TRUE;
    if (g_strcmp0(name, "message") == 0)
        return webhook->includes_message = TRUE;
    return FALSE;
}

gboolean webhook_read_include(Webhook *webhook, const json_t *list, GError **error) {
    size_t at;
    const json_t *item;
    webhook->includes_conversation = webhook->includes_message = FALSE;
    if (!json_is_array(list))
        return refuse("include", NULL, error);
    json_array_foreach(list, at, item) {
        if (!read_part(webhook, json_string_value(item)))
            return refuse("include", json_string_value(item), error);
    }
    return TRUE;
}

json_t *webhook_include_to_json(const Webhook *webhook) {
    json_t *list = json_array();
    if (webhook->includes_conversation)
        json_array_append_new(list, json_string("conversation"));
    if (webhook->includes_message)
        json_array_append_new(list, json_string("message"));
    return list;
}

gboolean webhook_check_url(const char *url, gboolean allow_http, GError **error) {
    g_autoptr(GUri) uri =
        strlen(url) <= URL_MAX ? g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL) : NULL;
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    gboolean is_allowed =
        strcmp(scheme, "https") == 0 || (allow_http && strcmp(scheme, "http") == 0);
    if (is_allowed && host != NULL && *host != '\0' && g_uri_get_userinfo(uri) == NULL)
        return TRUE;
    error_set(error, ERROR_INVALID, "url_invalid",
              "url must be an https:// address without a user, of at most %d bytes", URL_MAX);
    return FALSE;
}

static gboolean has(const GArray *ids, Id id) {
    for (guint at = 0; at < ids->len; at++)
        if (g_array_index(ids, Id, at) == id)
            return TRUE;
    return FALSE;
}

static gboolean is_in_channels(const GArray *channels, const Event *event,
                               const WebhookPlace *place) {
    if (channels->len == 0 || has(channels, event->channel_id))
        return TRUE;
    for (gsize at = 0; at < place->channel_count; at++)
        if (has(channels, place->channels[at]))
            return TRUE;
    return FALSE;
}

gboolean webhook_matches(const Webhook *webhook, const Event *event, const WebhookPlace *place) {
    return (webhook->wants_all || webhook->wants[event->type]) &&
           is_in_channels(webhook->channels, event, place) &&
           (webhook->teams->len == 0 ||
            (place->team_id != 0 && has(webhook->teams, place->team_id)));
}

// After the first failure, the second ...
static const gint64 waits_ms[] = {
    5000,         5 * 60000,    30 * 60000,   2 * 3600000,  5 * 3600000,
    10 * 3600000, 14 * 3600000, 20 * 3600000, 24 * 3600000,
};

WebhookOutcome webhook_judge(const HttpAnswer *answer, gint64 attempts, double jitter,
                             gint64 *wait_ms) {
    if (answer->status >= 200 && answer->status < 300)
        return WEBHOOK_DELIVERED;
    if (attempts < 1 || (gsize)attempts > G_N_ELEMENTS(waits_ms))
        return WEBHOOK_FAILED;
    gint64 wait = waits_ms[attempts - 1];
    wait += (gint64)(jitter * (double)wait / 10);
    *wait_ms = CLAMP(http_retry_after_ms(answer->headers), wait, MAX(wait, DAY_MS));
    return WEBHOOK_RETRY;
}
