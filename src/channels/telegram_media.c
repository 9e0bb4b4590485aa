// Files of customers: getFile tells a path, the path gives the bytes. Both URLs bear the bot's
// token and are never shown.
#include "channels/json_path.h"
#include "channels/telegram_codec.h"

#include <string.h>

#include "base/error.h"

#define DOWNLOAD_TIMEOUT_MS 120000

HttpRequest *telegram_media(const Attachment *attachment, const ChannelConfig *config,
                            GError **error) {
    if (attachment->size > TELEGRAM_DOWNLOAD_MAX) {
        error_set(error, ERROR_INVALID, "attachment_too_large",
                  "Telegram gives bots files of at most 20 MB");
        return NULL;
    }
    return telegram_call_new(config, "getFile",
                             json_pack("{s:s}", "file_id", attachment->reference));
}

static gboolean is_file_url(const HttpRequest *request, const ChannelConfig *config) {
    const char *base = channel_config_get(config, "api_base");
    g_autofree char *start = g_strconcat(base != NULL ? base : "", "/file/bot", NULL);
    return g_str_has_prefix(request->url, start);
}

static gboolean is_safe_path(const char *path) {
    if (path == NULL || *path == '\0' || *path == '/' || strstr(path, "..") != NULL)
        return FALSE;
    for (; *path != '\0'; path++)
        if (!g_ascii_isalnum(*path) && strchr("/._-", *path) == NULL)
            return FALSE;
    return TRUE;
}

static HttpRequest *file_request_new(const ChannelConfig *config, const char *path) {
    const char *base = channel_config_get(config, "api_base");
    const char *token = channel_config_get(config, "token");
    g_autofree char *url = g_strdup_printf("%s/file/bot%s/%s", base != NULL ? base : "",
                                           token != NULL ? token : "", path);
    HttpRequest *request = http_request_new("GET", url);
    request->timeout_ms = DOWNLOAD_TIMEOUT_MS;
    return request;
}

static gboolean fail(const HttpAnswer *answer, const json_t *json, GError **error) {
    const char *words = json_path_string(json, "description");
    ErrorKind kind = answer->status == 400 || answer->status == 404 ? ERROR_INVALID
                     : answer->status == 401                        ? ERROR_UNAUTHENTICATED
                     : answer->status == 429                        ? ERROR_LIMIT
                                                                    : ERROR_UPSTREAM;
    error_set(error, kind, "file_unavailable", "Telegram does not give the file: %s (status %u)",
              words != NULL ? words : "no reason", answer->status);
    return FALSE;
}

static gboolean decode_path(const HttpAnswer *answer, const ChannelConfig *config,
                            HttpRequest **next, GError **error) {
    json_t *json = telegram_answer_parse(answer);
    const char *path = json_path_string(json, "result.file_path");
    gboolean good = answer->status == 200 && is_safe_path(path);
    if (good)
        *next = file_request_new(config, path);
    else
        fail(answer, json, error);
    json_decref(json);
    return good;
}

gboolean telegram_decode_media(const HttpRequest *request, const HttpAnswer *answer,
                               const ChannelConfig *config, GBytes **bytes, HttpRequest **next,
                               GError **error) {
    if (!is_file_url(request, config))
        return decode_path(answer, config, next, error);
    if (answer->status != 200)
        return fail(answer, NULL, error);
    *bytes = g_bytes_ref(answer->body);
    return TRUE;
}
