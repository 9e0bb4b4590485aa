// Sends the web hooks out: follows the event log, posts what is due over the HTTP client, and keeps
// what came of it. One thread, woken by commits and answers. At least once: a delivery whose answer
// was lost to a crash is sent again under the same id.
#pragma once

#include "desk/webhook.h"
#include "net/http_client.h"
#include "store/store.h"

typedef struct WebhookSender WebhookSender;

typedef struct {
    gboolean allow_private; // addresses that are not public, and http
    const char *ca_file;    // NULL or "": the system's
    WebhookFormat format;
} WebhookSenderOptions;

// Everything is borrowed and outlives it.
WebhookSender *webhook_sender_new(Store *store, HttpClient *client,
                                  const WebhookSenderOptions *options) G_GNUC_WARN_UNUSED_RESULT;

// Ends the thread at once; what is under way is sent again after the next start.
void webhook_sender_free(WebhookSender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookSender, webhook_sender_free)
