#include "desk/webhook_admin.h"

#include <string.h>

#include "base/error.h"
#include "channels/standard_webhook.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/event.h"

#define SECRET_BITS 192 // a multiple of three bytes: base64 without padding
#define WEBHOOKS_MAX 40

// In the usual alphabet: not every receiver's library knows the URL-safe one.
char *webhook_admin_secret(void) {
    char *secret = secret_token(STANDARD_WEBHOOK_PREFIX, SECRET_BITS);
    for (char *at = secret + strlen(STANDARD_WEBHOOK_PREFIX); *at != '\0'; at++)
        *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    return secret;
}

static gboolean record(Db *db, Id id, const char *action, WebhookActor who, GError **error) {
    json_t *data = json_pack("{s:I}", "webhook", (json_int_t)id);
    return record_happening(db, EVENT_WEBHOOK_CHANGED, 0, who.actor, who.actor_id, data, error) &&
           audit_add(db, who.actor, who.actor_id, action, "webhook", id, NULL, error);
}

static gboolean check_count(Db *db, GError **error) {
    gint64 count;
    gboolean found;
    if (!db_query_int(db, "SELECT count(*) FROM webhook WHERE removed_at IS NULL", DB_NO_VALUES,
                      &count, &found, error))
        return FALSE;
    if (count >= WEBHOOKS_MAX)
        error_set(error, ERROR_CONFLICT, "webhooks_too_many",
                  "there are %d web hooks already: remove one", WEBHOOKS_MAX);
    return count < WEBHOOKS_MAX;
}

gboolean webhook_admin_add(Db *db, const SecretKey *key, Webhook *webhook, WebhookActor who,
                           GError **error) {
    return check_count(db, error) && event_last_seq(db, &webhook->event_seq, error) &&
           webhook_add(db, key, webhook, error) &&
           record(db, webhook->id, "webhook_added", who, error);
}

gboolean webhook_admin_change(Db *db, const SecretKey *key, const Webhook *webhook,
                              const char *action, WebhookActor who, GError **error) {
    return webhook_change(db, key, webhook, error) && record(db, webhook->id, action, who, error);
}

gboolean webhook_admin_remove(Db *db, Id id, WebhookActor who, GError **error) {
    return webhook_remove(db, id, clock_now(), error) &&
           record(db, id, "webhook_removed", who, error);
}

gboolean webhook_admin_disable(Db *db, Id id, const char *reason, GError **error) {
    return webhook_disable(db, id, reason, error) &&
           record(db, id, "webhook_disabled", (WebhookActor){ACTOR_SYSTEM, 0}, error);
}
