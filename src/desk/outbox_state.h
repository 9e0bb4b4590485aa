// What the parts of a message on its way out mean together, and when to try again. Pure; used by
// desk/outbox_record and desk/outbox.
#pragma once

#include "model/outgoing.h"
#include "store/outbox.h"

typedef struct {
    const char *state;   // of the message: queued, sending, accepted, refused, unknown, cancelled
    Instant settled_at;  // accepted: when the channel had it; else INSTANT_NONE
    const char *concern; // the words of the part that explains the state, or NULL; borrowed
    const char *whom;    // its recipient, "" for chat
} OutboxFold;

// rows: of OutboxRow, all of one message, at least one. A mail is accepted once one recipient's
// server has it; a chat message once every part is.
OutboxFold outbox_fold(const GPtrArray *rows);

// How long to wait after this many attempts: 1, 5, 15, 60 minutes, then twice as long each time up
// to 4 hours (reliability.md F14), within a tenth by random (0 to 1).
gint64 outbox_retry_delay_ms(gint64 attempts, double random);

// True when a row that was written then is no longer tried: after 5 days.
gboolean outbox_is_given_up(Instant created_at, Instant now);
