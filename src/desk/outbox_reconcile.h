// Looks for mails whose outcome is unknown in their Sent folders by itself, a few times within the
// hour after the attempt (reliability.md P5). What is found there was sent; what is not stays
// unknown, for an agent to decide. Private to desk/outbox*.
#pragma once

#include "desk/outbox.h"

typedef struct OutboxReconciler OutboxReconciler;

// Has one thread of its own while there is something to look for. Borrows both.
OutboxReconciler *outbox_reconciler_new(Store *store, Outbox *outbox) G_GNUC_WARN_UNUSED_RESULT;

// Drops what waits; FALSE while a look-up still runs.
gboolean outbox_reconciler_stop(OutboxReconciler *reconciler);
void outbox_reconciler_free(OutboxReconciler *reconciler);

// Begins the look-ups that are due. Quick; from the outbox's own thread only.
void outbox_reconciler_look(OutboxReconciler *reconciler, Instant now);

// How many look-ups should have been made so long after the attempt. Pure.
guint outbox_reconcile_steps(gint64 age_ms);
