// What a rule would do to conversations that are there already: nothing is written. One query a
// piece brings the facts of thousands. Used by api on a work thread; measured by bench-rules.
#pragma once

#include "desk/rule_facts.h"

#define DRY_RUN_MAX 200000 // conversations

typedef struct {
    Instant from, to; // of the last message; from < to
    const Id *ids;    // instead; NULL: none
    gsize count;
    gint64 limit; // matches that are named
    Id viewer;    // who must not see what is hidden (store/visibility.h); 0: sees all
} RuleDryRun;

// {"looked_at", "matched", "is_complete", "items": [{"conversation_id", "actions": [...]}],
// "not_matched": [{"decided_by", "count"}]}. actions are those that would change something. The
// conversations are asked as they stand now: of a rule set off by events, at the time of their last
// message. NULL with an error.
json_t *rule_dry_run(Db *db, const Rule *rule, const RuleDryRun *scope, Instant now,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
