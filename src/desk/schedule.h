// Replies that leave at an instant that their writer chose. Until then they are held in the outbox
// as an undone one is, survive restarts, and can be moved or cancelled; a message of the customer
// cancels those that ask for it. Writer jobs only.
#pragma once

#include "model/event.h"
#include "store/db.h"

#define SCHEDULE_MAX_MS ((gint64)366 * 24 * 3600 * 1000)

// Of a reply that is being written. send_at INSTANT_NONE: nothing is scheduled.
gboolean schedule_add(Db *db, Id message_id, Instant send_at, gboolean cancel_on_reply,
                      GError **error);

typedef struct {
    Instant send_at;          // INSTANT_NONE: as it is
    gboolean sets_cancel;     //
    gboolean cancel_on_reply; // with sets_cancel
    Id agent_id;
} ScheduleChange;

// Errors: invalid (send_at_invalid), conflict (already_sent; not_scheduled).
gboolean schedule_change(Db *db, Id message_id, const ScheduleChange *change, GError **error);

// FALSE with an error (invalid) unless it lies in the future, a year at most.
gboolean schedule_check(Instant send_at, Instant now, GError **error);

// The customer has written: cancels what asks for it. Each writer gets a notice.
gboolean schedule_cancel_replied(Db *db, const Event *received, GError **error);
