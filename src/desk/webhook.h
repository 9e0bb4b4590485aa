// Web hooks out: the door for whoever tells a receiver something (rules, pings), and what the
// sender needs to make bodies. The sender itself is desk/webhook_sender.h, administration
// desk/webhook_admin.h.
#pragma once

#include "store/webhook_delivery.h"

// Queues a delivery of type rule_fired to that hook, sent after COMMIT. Takes data, an object that
// becomes the payload's data; its conversation_id, if any, keeps deliveries about one conversation
// in order. A hook that is paused gets it when it is active again; one with 10,000 deliveries
// waiting keeps this one as failed. FALSE with an error (not found: webhook_unknown). Within any
// writer job.
gboolean webhook_enqueue(Db *db, Id webhook_id, json_t *data, GError **error);

// The same with another type; *id is the delivery's.
gboolean webhook_enqueue_type(Db *db, Id webhook_id, const char *type, json_t *data, Id *id,
                              GError **error);

// Appends the body of a delivery to out: {"type", "timestamp", "data"}. event is NULL where the
// delivery has data of its own. FALSE with an error.
typedef gboolean (*WebhookFormat)(Db *db, const Webhook *webhook, const WebhookDelivery *delivery,
                                  const Event *event, GString *out, GError **error);
