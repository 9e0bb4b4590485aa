// How a logged call or meeting ended, and what that means for waits (metrics.md "Waits" 6;
// doc/decisions/0089). One row an outcome. Used by desk/call_log and api. Pure.
#pragma once

#include <glib.h>

typedef enum {
    CALL_COUNTS_NOTHING,  // nobody was reached, and nobody waits for it
    CALL_COUNTS_REPLY,    // outbound: the customer was reached
    CALL_COUNTS_ANSWERED, // inbound: a person of ours was reached; nothing is owed
    CALL_COUNTS_MISSED,   // inbound: the customer waits to be called back
} CallCount;

typedef struct {
    const char *name; // "no_answer"
    const char *kind; // "phone" or "meeting"
    CallCount outbound;
    CallCount inbound;
} CallOutcome;

// All, ended by a NULL name.
extern const CallOutcome call_outcomes[];

// The outcome of that name for the kind, or NULL.
const CallOutcome *call_outcome_find(const char *kind, const char *name);

// What it counts as.
CallCount call_outcome_count(const CallOutcome *outcome, gboolean is_inbound);
