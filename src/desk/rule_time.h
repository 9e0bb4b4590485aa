// Conversations whose time has come for a rule: found along an index, a bounded piece at a time,
// and never twice for one episode. Used by desk/rules. Reads only.
#pragma once

#include "model/rule.h"
#include "store/db.h"

// How far the present sweep has come.
typedef struct {
    gint64 key;
    Id id;
} RuleSweep;

typedef struct {
    Id conversation_id;
    Instant episode; // from which the time is counted
} RuleDue;

// The next piece of the sweep: of RuleDue, those that are due and not settled; at most 1,000
// conversations are looked at. *sweep goes on, and begins anew at the end. NULL with an error.
GArray *rule_time_list(Db *db, const Rule *rule, Instant now, RuleSweep *sweep,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
