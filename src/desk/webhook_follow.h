// Follows the event log for the web hooks out: turns what was committed into deliveries, in batches
// of its own, so that what happens never waits for who is told of it. Used by the sender's thread.
#pragma once

#include "store/store.h"
#include "store/webhook.h"

// A hook as the sender's thread knows it.
typedef struct {
    Webhook *webhook; // owned
    gint64 read_seq;  // of the log, up to here it has its deliveries
    gint64 kept_seq;  // and so the store says
    guint running;    // requests
    Instant quiet_until;
    // While following:
    gboolean has_room;
    guint added;
    gint64 next_seq;
} WebhookTarget;

WebhookTarget *webhook_target_new(Webhook *webhook) G_GNUC_WARN_UNUSED_RESULT; // takes webhook
void webhook_target_free(WebhookTarget *target);
gboolean webhook_target_is_active(const WebhookTarget *target);

// One batch for the targets (of WebhookTarget). A hook for which 1,000 deliveries wait is told no
// more until some are gone: the log is its queue. *is_behind: there is more to do at once.
gboolean webhook_follow(Store *store, const GPtrArray *targets, gboolean *is_behind,
                        GError **error);
