// Administration of web hooks out: writer jobs that keep them, with event and audit row. Used by
// api/webhooks.c and the sender.
#pragma once

#include "base/secret.h"
#include "store/webhook.h"

// Who does it.
typedef struct {
    Actor actor;
    Id actor_id;
} WebhookActor;

// A new random secret, "whsec_" and 24 bytes in base64.
char *webhook_admin_secret(void) G_GNUC_WARN_UNUSED_RESULT;

// Writer jobs. A new hook is told what happens from now on; webhook->event_seq is set. There are at
// most 40.
gboolean webhook_admin_add(Db *db, const SecretKey *key, Webhook *webhook, WebhookActor who,
                           GError **error);
gboolean webhook_admin_change(Db *db, const SecretKey *key, const Webhook *webhook,
                              const char *action, WebhookActor who, GError **error);
gboolean webhook_admin_remove(Db *db, Id id, WebhookActor who, GError **error);
gboolean webhook_admin_disable(Db *db, Id id, const char *reason, GError **error);
