// One attempt to tell a web hook: the request, and what its answer came to. Used by the sender's
// thread.
#pragma once

#include "desk/webhook.h"
#include "net/http_client.h"
#include "store/store.h"

// The signed request of a delivery. NULL with an error.
HttpRequest *webhook_attempt_request(Db *db, WebhookFormat format, const Webhook *webhook,
                                     const WebhookDelivery *delivery, Instant now,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What came of one, and what that means for its hook.
typedef struct {
    WebhookAttempt attempt;
    Id webhook_id;
    gboolean is_well; // the hook fails no more
    gboolean begins_to_fail;
    const char *disables; // why the hook is disabled; static, NULL: it is not
} WebhookResult;

void webhook_result_free(WebhookResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookResult, webhook_result_free)

// attempts: how many there were with this one; began: when, on the monotonic clock.
WebhookResult *webhook_attempt_judge(const Webhook *webhook, Id delivery_id, gint64 attempts,
                                     const HttpAnswer *answer, gint64 began,
                                     Instant now) G_GNUC_WARN_UNUSED_RESULT;

// Keeps the results (of WebhookResult). Writer job.
gboolean webhook_attempt_record(Db *db, const GPtrArray *results, GError **error);
