// The intake table: the durable record of each raw delivery, whatever became of it. Written by
// desk/inbound and by the replay of quarantined deliveries; counted by the ledger.
#pragma once

#include "store/db.h"

// All texts and bytes borrowed.
typedef struct {
    Id id;
    Id channel_id;
    const char *source;
    const char *delivery_key;
    const char *folder; // NULL: no ledger place
    gint64 uid_validity;
    gint64 uid;
    const char *state;        // stored, duplicate, quarantined, refused
    const char *reason;       // NULL: none
    GBytes *raw;              // a small web hook, or NULL
    const guint8 *raw_sha256; // 32 bytes, or NULL
    const char *envelope;     // JSON, or NULL
    Id message_id;
    Instant occurred_at;
    Instant received_at;
} IntakeRow;

// Adds the row, unless the channel has one with this delivery key: then *is_new is FALSE and
// *known_message_id the message that it made.
gboolean intake_add(Db *db, const IntakeRow *row, gboolean *is_new, Id *known_message_id,
                    GError **error);

// Sets what became of a row.
gboolean intake_settle(Db *db, Id id, const char *state, const char *reason, Id message_id,
                       GError **error);
