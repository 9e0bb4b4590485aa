// Messages on their way out through the Bot API, and what its answers mean (channels.md 5
// "Outbound"). Plain text, no parse_mode: nothing that an agent writes can be misread as markup.
#include "channels/json_path.h"
#include "channels/multipart.h"
#include "channels/telegram_codec.h"
#include "channels/text_split.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define TEXT_LIMIT 4096 // UTF-16 units
#define CAPTION_LIMIT 1024
#define FILE_BYTES_MAX (50 * 1024 * 1024)
#define PHOTO_BYTES_MAX (10 * 1024 * 1024)

// Where a message goes.
typedef struct {
    const ChannelConfig *config;
    gint64 chat;
    const char *connection; // of a business account, or NULL
    gint64 quoted;          // 0: none
} Target;

HttpRequest *telegram_call_new(const ChannelConfig *config, const char *method, json_t *arguments) {
    const char *base = channel_config_get(config, "api_base");
    const char *token = channel_config_get(config, "token");
    g_autofree char *url =
        g_strdup_printf("%s/bot%s/%s", base != NULL ? base : "https://api.telegram.org",
                        token != NULL ? token : "", method);
    HttpRequest *request = http_request_new(arguments != NULL ? "POST" : "GET", url);
    if (arguments != NULL)
        http_request_take_body(request, "application/json", json_to_bytes(arguments));
    json_decref(arguments);
    return request;
}

static json_t *reply_parameters(gint64 quoted) {
    return json_pack("{s:I, s:b}", "message_id", (json_int_t)quoted, "allow_sending_without_reply",
                     1);
}

static HttpRequest *encode_text(const Target *target, const char *text) {
    json_t *arguments = json_pack("{s:I, s:s, s:{s:b}}", "chat_id", (json_int_t)target->chat,
                                  "text", text, "link_preview_options", "is_disabled", 1);
    if (target->quoted != 0)
        json_object_set_new(arguments, "reply_parameters", reply_parameters(target->quoted));
    if (target->connection != NULL)
        json_object_set_new(arguments, "business_connection_id", json_string(target->connection));
    return telegram_call_new(target->config, "sendMessage", arguments);
}

typedef struct {
    const char *type; // media type, or its beginning with "/"
    const char *method;
    const char *member;
    gsize bytes_max;
} FileMethod;

// The first that fits; the last takes everything.
static const FileMethod file_methods[] = {
    {"image/jpeg", "sendPhoto", "photo", PHOTO_BYTES_MAX},
    {"image/png", "sendPhoto", "photo", PHOTO_BYTES_MAX},
    {"image/webp", "sendPhoto", "photo", PHOTO_BYTES_MAX},
    {"image/gif", "sendAnimation", "animation", FILE_BYTES_MAX},
    {"video/mp4", "sendVideo", "video", FILE_BYTES_MAX},
    {"audio/mpeg", "sendAudio", "audio", FILE_BYTES_MAX},
    {"audio/mp4", "sendAudio", "audio", FILE_BYTES_MAX},
    {"audio/ogg", "sendVoice", "voice", FILE_BYTES_MAX},
    {"", "sendDocument", "document", FILE_BYTES_MAX},
};

static const FileMethod *file_method_find(const Attachment *attachment) {
    gsize size = g_bytes_get_size(attachment->bytes);
    const FileMethod *method = file_methods;
    while (*method->type != '\0' &&
           (strcmp(method->type, attachment->type) != 0 || size > method->bytes_max))
        method++;
    return method;
}

static HttpRequest *encode_file(const Target *target, const Attachment *attachment,
                                const char *caption) {
    const FileMethod *method = file_method_find(attachment);
    HttpRequest *request = telegram_call_new(target->config, method->method, NULL);
    g_free(request->method);
    request->method = g_strdup("POST");
    g_autoptr(Multipart) form = multipart_new();
    g_autofree char *chat = g_strdup_printf("%" G_GINT64_FORMAT, target->chat);
    multipart_add_text(form, "chat_id", chat);
    if (target->connection != NULL)
        multipart_add_text(form, "business_connection_id", target->connection);
    if (caption != NULL)
        multipart_add_text(form, "caption", caption);
    if (target->quoted != 0) {
        json_t *parameters = reply_parameters(target->quoted);
        char *text = json_dumps(parameters, JSON_COMPACT);
        multipart_add_text(form, "reply_parameters", text);
        free(text);
        json_decref(parameters);
    }
    multipart_add_file(form, method->member, attachment);
    multipart_finish(form, request);
    return request;
}

static gboolean target_read(Target *target, const Outgoing *outgoing, GError **error) {
    char *end = NULL;
    target->chat =
        outgoing->thread_key != NULL ? g_ascii_strtoll(outgoing->thread_key, &end, 10) : 0;
    if (target->chat == 0 || (*end != '\0' && *end != '@')) {
        error_set(error, ERROR_INVALID, "thread_invalid",
                  "a bot can only answer in a chat that the customer has begun");
        return FALSE;
    }
    target->connection = *end == '@' ? end + 1 : NULL;
    const char *quoted = outgoing->quoted_key != NULL ? strrchr(outgoing->quoted_key, ':') : NULL;
    target->quoted = quoted != NULL ? g_ascii_strtoll(quoted + 1, NULL, 10) : 0;
    return TRUE;
}

static gboolean files_check(const Outgoing *outgoing, GError **error) {
    for (guint at = 0; at < outgoing->attachments->len; at++) {
        const Attachment *attachment = outgoing->attachments->pdata[at];
        gsize size = attachment->bytes != NULL ? g_bytes_get_size(attachment->bytes) : 0;
        if (size > 0 && size <= FILE_BYTES_MAX)
            continue;
        error_set(error, ERROR_INVALID, size == 0 ? "attachment_empty" : "attachment_too_large",
                  size == 0 ? "Telegram takes no empty files"
                            : "Telegram takes files of at most 50 MB");
        return FALSE;
    }
    return TRUE;
}

// A button is no message that could be quoted: nothing after its last ':' is a message's number
// unless the thread stands before it.
static gboolean is_quotable(const Outgoing *outgoing) {
    return outgoing->quoted_key != NULL && outgoing->thread_key != NULL &&
           g_str_has_prefix(outgoing->quoted_key, outgoing->thread_key) &&
           outgoing->quoted_key[strlen(outgoing->thread_key)] == ':';
}

GPtrArray *telegram_encode(const Outgoing *outgoing, const ChannelConfig *config, Instant now,
                           GError **error) {
    (void)now;
    Target target = {.config = config};
    if (!target_read(&target, outgoing, error) || !files_check(outgoing, error))
        return NULL;
    if (!is_quotable(outgoing))
        target.quoted = 0;
    GPtrArray *requests = g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
    g_autoptr(GPtrArray) pieces = text_split(outgoing->text, TEXT_UTF16, TEXT_LIMIT);
    gboolean is_caption = pieces->len == 1 && outgoing->attachments->len > 0 &&
                          text_length(pieces->pdata[0], TEXT_UTF16) <= CAPTION_LIMIT;
    const char *caption = is_caption ? pieces->pdata[0] : NULL;
    for (guint at = 0; caption == NULL && at < pieces->len; at++) {
        g_ptr_array_add(requests, encode_text(&target, pieces->pdata[at]));
        target.quoted = 0; // only the first piece bears the quote
    }
    for (guint at = 0; at < outgoing->attachments->len; at++) {
        g_ptr_array_add(requests, encode_file(&target, outgoing->attachments->pdata[at], caption));
        target.quoted = 0;
        caption = NULL;
    }
    if (requests->len > 0)
        return requests;
    g_ptr_array_unref(requests);
    error_set(error, ERROR_INVALID, "message_empty", "there is nothing to send: no text, no file");
    return NULL;
}

typedef enum {
    MEANS_REFUSED,
    MEANS_GONE,
    MEANS_RETRY,
    MEANS_WITHOUT_QUOTE,
    MEANS_BAD_TOKEN,
} Meaning;

typedef struct {
    gint64 code;
    const char *words; // part of the description; NULL: any
    Meaning meaning;
} Refusal;

// The first that fits.
static const Refusal refusals[] = {
    {400, "message to be replied not found", MEANS_WITHOUT_QUOTE},
    {400, "replied message not found", MEANS_WITHOUT_QUOTE},
    {400, "reply message not found", MEANS_WITHOUT_QUOTE},
    {401, NULL, MEANS_BAD_TOKEN},
    {403, "blocked by the user", MEANS_GONE},
    {403, "user is deactivated", MEANS_GONE},
    {404, NULL, MEANS_BAD_TOKEN},
    {409, NULL, MEANS_RETRY},
    {429, NULL, MEANS_RETRY},
};

static Meaning meaning_of(gint64 code, const char *words) {
    for (gsize at = 0; at < G_N_ELEMENTS(refusals); at++)
        if (refusals[at].code == code &&
            (refusals[at].words == NULL || strstr(words, refusals[at].words) != NULL))
            return refusals[at].meaning;
    return code >= 500 ? MEANS_RETRY : MEANS_REFUSED;
}

static void interpret_refusal(const json_t *json, gint64 code, Receipt *receipt) {
    const char *words = json_path_string(json, "description");
    Meaning meaning = meaning_of(code, words != NULL ? words : "");
    receipt->reason =
        words != NULL ? g_strdup(words) : g_strdup_printf("HTTP status %" G_GINT64_FORMAT, code);
    receipt->state =
        meaning == MEANS_REFUSED || meaning == MEANS_GONE ? RECEIPT_REFUSED : RECEIPT_RETRY;
    receipt->customer_gone = meaning == MEANS_GONE;
    receipt->stops_channel = meaning == MEANS_BAD_TOKEN;
    receipt->retry_without_quote = meaning == MEANS_WITHOUT_QUOTE;
    receipt->moved_thread_key = json_path_text(json, "parameters.migrate_to_chat_id");
    gint64 seconds = json_path_integer(json, "parameters.retry_after", -1);
    if (seconds >= 0)
        receipt->retry_after_ms = MIN(seconds, G_MAXINT32) * 1000;
    if (receipt->moved_thread_key != NULL)
        receipt->state = RECEIPT_RETRY;
    if (receipt->moved_thread_key != NULL || receipt->retry_without_quote)
        receipt->retry_after_ms = 0;
}

json_t *telegram_answer_parse(const HttpAnswer *answer) {
    return json_body_parse(answer->body, NULL);
}

// Telegram took it, or said something that we cannot read after it had it.
static void interpret_success(const json_t *json, Receipt *receipt) {
    const json_t *result = json_object_get(json, "result");
    g_autofree char *thread = telegram_thread_key(
        json_object_get(result, "chat"), json_path_string(result, "business_connection_id"));
    gint64 id = json_path_integer(result, "message_id", 0);
    if (thread == NULL || id == 0) {
        receipt->state = RECEIPT_UNKNOWN;
        receipt->reason = g_strdup("the answer names no message");
        return;
    }
    receipt->state = RECEIPT_SENT;
    receipt->provider_id = telegram_message_key(thread, id);
}

void telegram_interpret(const HttpAnswer *answer, Receipt *receipt) {
    *receipt = (Receipt){.retry_after_ms = -1};
    if (answer->status == 0) {
        receipt->state = answer->was_sent ? RECEIPT_UNKNOWN : RECEIPT_RETRY;
        receipt->reason = g_strdup(answer->failure);
        return;
    }
    json_t *json = telegram_answer_parse(answer);
    gint64 code = json_path_integer(json, "error_code", answer->status);
    if (answer->status == 200 && !json_is_false(json_object_get(json, "ok")))
        interpret_success(json, receipt);
    else
        interpret_refusal(json, code, receipt);
    json_decref(json);
}
