// The bodies of web hooks out: the event as the stream shows it and, where the hook includes them,
// the conversation and the message as the API shows them now. Given to desk/webhook_sender.h.
#pragma once

#include "desk/webhook.h"

// A WebhookFormat.
gboolean webhook_payload_write(Db *db, const Webhook *webhook, const WebhookDelivery *delivery,
                               const Event *event, GString *out, GError **error);
