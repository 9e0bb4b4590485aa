#include "channels/telegram.h"

#include <string.h>

#include "base/error.h"
#include "channels/json_path.h"
#include "channels/signature.h"
#include "channels/telegram_codec.h"

#define POLL_SECONDS 50
#define POLL_TIMEOUT_MS 65000
#define POLL_LIMIT 100

static const ChannelSetting settings[] = {
    {"token", "Bot token", "What @BotFather gave, 123456789:AA....", SETTING_SECRET, NULL, NULL,
     TRUE},
    {"receive", "Receive by", "webhook needs a public address, poll works behind NAT.",
     SETTING_CHOICE, "poll|webhook", "poll", FALSE},
    {"secret_token", "Secret token", "Telegram sends it with every web hook; made by itself.",
     SETTING_SECRET, NULL, "", FALSE},
    {"secret_token_old", "Former secret token", "Still accepted while the token is changed.",
     SETTING_SECRET, NULL, NULL, FALSE},
    {"api_base", "Server", "Another Bot API server.", SETTING_URL, NULL, "https://api.telegram.org",
     FALSE},
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

static gboolean verify(const HttpRequest *request, const ChannelConfig *config, Instant now,
                       GError **error) {
    (void)now; // no instant is signed
    const char *given = http_header_find(request->headers, "X-Telegram-Bot-Api-Secret-Token");
    if (signature_is_token(given, channel_config_get(config, "secret_token"),
                           channel_config_get(config, "secret_token_old")))
        return TRUE;
    error_set(error, ERROR_UNAUTHENTICATED, "signature_wrong",
              "the secret token is missing or is not ours");
    return FALSE;
}

// The update's number for neighbours in the index, and the hash of its body because numbers begin
// anew after a week of silence. Telegram writes the number first.
static char *delivery_key(const HttpRequest *request) {
    static const char start[] = "{\"update_id\":";
    gsize length;
    const char *text = g_bytes_get_data(request->body, &length);
    if (length < sizeof start + 20 || memcmp(text, start, sizeof start - 1) != 0)
        return NULL;
    g_autofree char *digits = g_strndup(text + sizeof start - 1, 20);
    gint64 number = g_ascii_strtoll(digits, NULL, 10);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, request->body);
    return g_strdup_printf("%" G_GINT64_FORMAT ":%.32s", number, hash);
}

static gboolean is_by_webhook(const ChannelConfig *config) {
    return g_strcmp0(channel_config_get(config, "receive"), "webhook") == 0;
}

static HttpRequest *poll(const ChannelConfig *config, const char *cursor) {
    if (is_by_webhook(config))
        return NULL;
    json_t *arguments = json_pack("{s:i, s:i, s:o}", "timeout", POLL_SECONDS, "limit", POLL_LIMIT,
                                  "allowed_updates", telegram_allowed_updates());
    if (cursor != NULL)
        json_object_set_new(arguments, "offset", json_integer(g_ascii_strtoll(cursor, NULL, 10)));
    HttpRequest *request = telegram_call_new(config, "getUpdates", arguments);
    request->timeout_ms = POLL_TIMEOUT_MS;
    request->has_idempotency_key = TRUE; // asking again does no harm
    return request;
}

static void set_answer_error(const HttpAnswer *answer, const json_t *json, GError **error) {
    const char *words = json_path_string(json, "description");
    gboolean is_token = answer->status == 401 || answer->status == 404;
    ErrorKind kind = is_token                ? ERROR_UNAUTHENTICATED
                     : answer->status == 429 ? ERROR_LIMIT
                     : answer->status == 409 ? ERROR_CONFLICT
                                             : ERROR_UPSTREAM;
    error_set(error, kind, is_token ? "token_refused" : "telegram_refused", "Telegram says: %s",
              words != NULL             ? words
              : answer->failure != NULL ? answer->failure
                                        : "nothing of use");
}

static GPtrArray *updates_split(const json_t *updates, char **cursor) {
    GPtrArray *bodies = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    gint64 last = -1;
    for (gsize at = 0; at < json_array_size(updates); at++) {
        const json_t *update = json_array_get(updates, at);
        last = MAX(last, json_path_integer(update, "update_id", -1));
        g_ptr_array_add(bodies, json_to_bytes(update));
    }
    if (last >= 0)
        *cursor = g_strdup_printf("%" G_GINT64_FORMAT, last + 1);
    return bodies;
}

static GPtrArray *decode_poll(const HttpAnswer *answer, char **cursor, GError **error) {
    json_t *json = telegram_answer_parse(answer);
    const json_t *updates = json_object_get(json, "result");
    GPtrArray *bodies = NULL;
    if (answer->status == 200 && json_is_array(updates))
        bodies = updates_split(updates, cursor);
    else
        set_answer_error(answer, json, error);
    json_decref(json);
    return bodies;
}

// The button stops spinning on the customer's screen.
static HttpRequest *acknowledge(const Incoming *incoming, const ChannelConfig *config) {
    const char *id = json_path_string(incoming->extra, "button.id");
    return id != NULL ? telegram_call_new(config, "answerCallbackQuery",
                                          json_pack("{s:s}", "callback_query_id", id))
                      : NULL;
}

static HttpRequest *set_webhook_new(const ChannelConfig *config, const char *hook_url) {
    const char *secret = channel_config_get(config, "secret_token");
    return telegram_call_new(config, "setWebhook",
                             json_pack("{s:s, s:s, s:o, s:i}", "url", hook_url, "secret_token",
                                       secret != NULL ? secret : "", "allowed_updates",
                                       telegram_allowed_updates(), "max_connections", 40));
}

static GPtrArray *setup(const ChannelConfig *config, const char *hook_url, GError **error) {
    if (is_by_webhook(config) && hook_url == NULL) {
        error_set(error, ERROR_INVALID, "public_url_missing",
                  "web hooks need a public address: set public_url in dialogd.conf, or receive by "
                  "poll");
        return NULL;
    }
    GPtrArray *requests = g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
    g_ptr_array_add(requests, telegram_call_new(config, "getMe", NULL));
    g_ptr_array_add(requests, is_by_webhook(config)
                                  ? set_webhook_new(config, hook_url)
                                  : telegram_call_new(config, "deleteWebhook", json_object()));
    return requests;
}

static gboolean decode_setup(const HttpAnswer *answer, char **address, GError **error) {
    json_t *json = telegram_answer_parse(answer);
    gboolean good = answer->status == 200 && json_is_true(json_object_get(json, "ok"));
    const char *name = json_path_string(json, "result.username");
    if (good && name != NULL)
        *address = g_strconcat("@", name, NULL);
    if (!good)
        set_answer_error(answer, json, error);
    json_decref(json);
    return good;
}

const ChannelKind channel_telegram = {
    .name = "telegram",
    .title = "Telegram",
    .abilities = ABILITY_REPLY | ABILITY_ATTACH | ABILITY_QUOTE | ABILITY_WEBHOOK | ABILITY_POLL,
    .text_limit = 4096,
    .text_unit = TEXT_UTF16,
    .settings = settings,
    .verify = verify,
    .decode = telegram_decode,
    .delivery_key = delivery_key,
    .poll = poll,
    .decode_poll = decode_poll,
    .encode = telegram_encode,
    .interpret = telegram_interpret,
    .media = telegram_media,
    .decode_media = telegram_decode_media,
    .acknowledge = acknowledge,
    .setup = setup,
    .decode_setup = decode_setup,
};
