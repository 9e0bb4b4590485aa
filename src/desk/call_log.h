// Calls and meetings that people write down (channels of kinds with ABILITY_LOG): each is a message
// in a conversation, an event, and, as its outcome says, a reply or a wait (doc/decisions/0089).
// Writer jobs only. Used by api/calls. Dials nobody.
#pragma once

#include "model/call_outcome.h"
#include "store/db.h"

#define CALL_TEXT_MAX ((glong)100 << 10) // characters
#define CALL_DURATION_MAX_MS (7 * 24 * G_GINT64_CONSTANT(3600000))

// What somebody wrote down; texts borrowed, NULL and 0 mean absent.
typedef struct {
    const char *kind;    // phone, meeting
    Id conversation_id;  // or 0: one is begun
    Id customer_id;      // with 0 for both: address says who it was
    const char *address; // a number as it was typed; for meetings a mail address too
    const char *name;    // of a customer who was not known
    Id channel_id;       // where it begins; 0: the only one of the kind
    Id agent_id;         // who spoke; never 0
    Id viewer;           // from whom channels may be hidden, 0: none are
    gboolean is_inbound;
    const CallOutcome *outcome;
    Instant started_at;
    gint64 duration_ms;
    const char *subject;
    const char *text;
} CallDraft;

// Stores it. Errors: not_found (conversation, customer, channel), invalid (address, no channel),
// conflict (the address is another customer's).
gboolean call_log_add(Db *db, const CallDraft *draft, Id *message_id, GError **error);

// What changes of a logged call; NULL, INSTANT_NONE and -1 leave it.
typedef struct {
    const char *direction; // in, out
    const CallOutcome *outcome;
    Instant started_at;
    gint64 duration_ms;
    const char *subject;
    const char *text;
} CallChange;

// The state before is kept; waits are folded again. Errors: not_found, conflict (taken away).
gboolean call_log_change(Db *db, Id message_id, const CallChange *change, Id agent_id,
                         GError **error);

// It never was: shown as removed, and counts for nothing.
gboolean call_log_remove(Db *db, Id message_id, Id agent_id, GError **error);
