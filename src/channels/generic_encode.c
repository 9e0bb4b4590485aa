// Replies as signed posts of the same envelope that comes in. The receiver knows repetitions by
// webhook-id, so a lost answer is tried again.
#include "channels/generic_codec.h"
#include "channels/json_path.h"

#include "base/error.h"

static json_t *file_to_json(const Attachment *attachment) {
    gsize length = 0;
    const guchar *bytes =
        attachment->bytes != NULL ? g_bytes_get_data(attachment->bytes, &length) : NULL;
    g_autofree char *base64 = g_base64_encode(bytes, length);
    return json_pack("{s:s?, s:s, s:I, s:s}", "name", attachment->name, "content_type",
                     attachment->type, "size", (json_int_t)length, "data", base64);
}

static json_t *envelope_new(const Outgoing *outgoing, const char *id) {
    json_t *message =
        json_pack("{s:s, s:s?}", "text", outgoing->text, "reply_to", outgoing->quoted_key);
    if (outgoing->attachments->len > 0) {
        json_t *files = json_array();
        for (guint at = 0; at < outgoing->attachments->len; at++)
            json_array_append_new(files, file_to_json(outgoing->attachments->pdata[at]));
        json_object_set_new(message, "attachments", files);
    }
    return json_pack("{s:s, s:s, s:{s:s?}, s:o}", "type", "message.created", "id", id,
                     "conversation", "id", outgoing->thread_key, "message", message);
}

GPtrArray *generic_encode(const Outgoing *outgoing, const ChannelConfig *config, Instant now,
                          GError **error) {
    const char *url = channel_config_get(config, "url");
    if (url == NULL) {
        error_set(error, ERROR_INVALID, "channel_receives_only",
                  "this channel has no address to send replies to: set its url");
        return NULL;
    }
    g_autofree char *id = g_strdup_printf("msg-%" G_GINT64_FORMAT, outgoing->message_id);
    HttpRequest *request = http_request_new("POST", url);
    json_t *envelope = envelope_new(outgoing, id);
    http_request_take_body(request, "application/json", json_to_bytes(envelope));
    json_decref(envelope);
    request->has_idempotency_key = TRUE;
    generic_sign(request, config, id, now);
    GPtrArray *requests = g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
    g_ptr_array_add(requests, request);
    return requests;
}

static void interpret_success(const HttpAnswer *answer, Receipt *receipt) {
    json_t *json = json_body_parse(answer->body, NULL);
    receipt->state = RECEIPT_SENT;
    receipt->provider_id = json_path_text(json, "id");
    json_decref(json);
}

void generic_interpret(const HttpAnswer *answer, Receipt *receipt) {
    unsigned status = answer->status;
    *receipt = (Receipt){.state = RECEIPT_RETRY, .retry_after_ms = -1};
    if (status >= 200 && status < 300) {
        interpret_success(answer, receipt);
        return;
    }
    receipt->reason =
        status != 0 ? g_strdup_printf("HTTP status %u", status) : g_strdup(answer->failure);
    if (status == 429 || status == 503)
        receipt->retry_after_ms = http_retry_after_ms(answer->headers);
    receipt->stops_channel = status == 410;
    gboolean may_pass = status == 0 || status == 408 || status == 410 || status == 425 ||
                        status == 429 || status >= 500;
    if (!may_pass)
        receipt->state = RECEIPT_REFUSED;
}
