// Rows of deliveries to web hooks out: what waits, and the log of what came of it. Used by
// desk/webhook*.c. Kept for 30 days.
#pragma once

#include "model/webhook.h"
#include "store/db.h"

typedef struct {
    Id id; // the webhook-id
    Id webhook_id;
    char *type;
    gint64 event_seq;   // 0: data says it
    Id conversation_id; // 0: about none
    char *data;         // JSON; NULL: the event says it
    gint64 attempts;
    Instant created_at;
} WebhookDelivery;

void webhook_delivery_free(WebhookDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookDelivery, webhook_delivery_free)

// Writer jobs. reason NULL: it waits to be sent now; else it has failed already.
gboolean webhook_delivery_add(Db *db, const WebhookDelivery *delivery, const char *reason,
                              GError **error);

// What is due for one hook, in order; one conversation's later ones wait while an earlier one was
// tried less than three times. Owned list of WebhookDelivery.
GPtrArray *webhook_delivery_list_due(Db *db, Id webhook_id, Instant now, guint limit,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether at least limit of the hook's deliveries wait.
gboolean webhook_delivery_is_full(Db *db, Id webhook_id, guint limit, gboolean *is_full,
                                  GError **error);

// What came of an attempt. not_before counts where it is tried again.
typedef struct {
    Id id;
    WebhookOutcome outcome;
    gint64 attempts;
    Instant not_before;
    Instant attempted_at;
    unsigned status; // 0: no answer
    gint64 milliseconds;
    char *answer; // text, or NULL
    char *reason; // or NULL
} WebhookAttempt;

// Writer jobs. again: at once, with a fresh count of attempts; not found: delivery_unknown.
gboolean webhook_delivery_record(Db *db, const WebhookAttempt *attempt, GError **error);
gboolean webhook_delivery_again(Db *db, Id webhook_id, Id id, Instant now, GError **error);

// Forgets up to limit of those made before the instant.
gboolean webhook_delivery_prune(Db *db, Instant before, guint limit, GError **error);
