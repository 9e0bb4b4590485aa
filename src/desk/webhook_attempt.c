#include "desk/webhook_attempt.h"

#include "channels/standard_webhook.h"
#include "desk/webhook_admin.h"
#include "store/event.h"

#define TIMEOUT_MS 10000
#define ANSWER_KEPT 1024 // bytes
#define FAILING_MAX_MS (5 * 24 * G_GINT64_CONSTANT(3600000))

static void sign(HttpRequest *request, const Webhook *webhook, Id id, Instant now) {
    char text[ID_TEXT_SIZE];
    gboolean has_former = webhook->former != NULL && webhook->former_until > now;
    const char *const secrets[] = {webhook->secret, has_former ? webhook->former : NULL, NULL};
    standard_webhook_sign(request, secrets, id_format(id, text), now);
}

HttpRequest *webhook_attempt_request(Db *db, WebhookFormat format, const Webhook *webhook,
                                     const WebhookDelivery *delivery, Instant now, GError **error) {
    g_autoptr(GString) body = g_string_sized_new(1024);
    g_autoptr(GPtrArray) events =
        event_list_since(db, delivery->event_seq - 1, delivery->event_seq != 0 ? 1 : 0, error);
    if (events == NULL ||
        !format(db, webhook, delivery, events->len > 0 ? events->pdata[0] : NULL, body, error))
        return NULL;
    HttpRequest *request = http_request_new("POST", webhook->url);
    http_request_take_body(request, "application/json", g_bytes_new(body->str, body->len));
    request->has_idempotency_key = TRUE; // webhook-id
    request->timeout_ms = TIMEOUT_MS;
    sign(request, webhook, delivery->id, now);
    return request;
}

void webhook_result_free(WebhookResult *result) {
    if (result == NULL)
        return;
    g_free(result->attempt.answer);
    g_free(result->attempt.reason);
    g_free(result);
}

static char *answer_text(GBytes *body) {
    gsize length;
    const char *bytes = g_bytes_get_data(body, &length);
    return length > 0 ? g_utf8_make_valid(bytes, (gssize)MIN(length, ANSWER_KEPT)) : NULL;
}

static char *reason_of(const HttpAnswer *answer) {
    if (answer->status == 0)
        return g_strdup(answer->failure != NULL ? answer->failure : "no answer");
    return answer->status >= 300 ? g_strdup_printf("HTTP status %u", answer->status) : NULL;
}

static const char *why_disabled(const Webhook *webhook, unsigned status, Instant now) {
    if (status == 410)
        return "the receiver says that it is gone (HTTP status 410)";
    return webhook->failing_since != INSTANT_NONE && now - webhook->failing_since >= FAILING_MAX_MS
               ? "every delivery failed for five days"
               : NULL;
}

WebhookResult *webhook_attempt_judge(const Webhook *webhook, Id delivery_id, gint64 attempts,
                                     const HttpAnswer *answer, gint64 began, Instant now) {
    WebhookResult *result = g_new0(WebhookResult, 1);
    gint64 wait = 0;
    WebhookOutcome outcome = webhook_judge(answer, attempts, g_random_double(), &wait);
    result->webhook_id = webhook->id;
    result->attempt = (WebhookAttempt){
        .id = delivery_id,
        .outcome = outcome,
        .attempts = attempts,
        .not_before = now + wait,
        .attempted_at = now,
        .status = answer->status,
        .milliseconds = clock_monotonic() - began,
        .answer = answer_text(answer->body),
        .reason = reason_of(answer),
    };
    gboolean is_failing = webhook->failing_since != INSTANT_NONE;
    result->is_well = outcome == WEBHOOK_DELIVERED && is_failing;
    result->begins_to_fail = outcome != WEBHOOK_DELIVERED && !is_failing;
    if (outcome != WEBHOOK_DELIVERED)
        result->disables = why_disabled(webhook, answer->status, now);
    return result;
}

static gboolean record(Db *db, const WebhookResult *result, GError **error) {
    Id id = result->webhook_id;
    Instant since = result->begins_to_fail ? result->attempt.attempted_at : INSTANT_NONE;
    return webhook_delivery_record(db, &result->attempt, error) &&
           ((!result->is_well && !result->begins_to_fail) ||
            webhook_set_failing(db, id, since, error)) &&
           (result->disables == NULL || webhook_admin_disable(db, id, result->disables, error));
}

gboolean webhook_attempt_record(Db *db, const GPtrArray *results, GError **error) {
    for (guint at = 0; at < results->len; at++)
        if (!record(db, results->pdata[at], error))
            return FALSE;
    return TRUE;
}
