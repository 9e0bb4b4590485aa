// The events of a logged call: what happened to it, and what it counts as. Used by desk/call_log
// alone. Writer jobs only.
#pragma once

#include "desk/call_log.h"
#include "model/event.h"

// A logged call as it stands now.
typedef struct {
    Id message_id;
    Id conversation_id;
    Id channel_id; // the conversation's
    Id identity_id;
    Id agent_id;
    Id event_id; // that counts it; 0: none
    char kind[16];
    gboolean is_inbound;
    gboolean is_removed;
    const CallOutcome *outcome;
    Instant started_at;
    gint64 duration_ms;
    gint64 version;
} CallState;

// Errors: not_found (call_unknown).
gboolean call_record_read(Db *db, Id message_id, CallState *state, GError **error);

// call_logged or call_changed, with its values.
gboolean call_record_event(Db *db, EventType type, const CallState *state, Id agent_id,
                           GError **error);

// The event that it counts by, if any, and its place in call_log. credit: who answered.
gboolean call_record_count(Db *db, const CallState *state, Id credit, GError **error);

// The event that counted it counts no longer.
gboolean call_record_revoke(Db *db, const CallState *state, Id agent_id, GError **error);
