// One case for rules: something that happened to a conversation, or a time that has come for it.
// Decided on the rules' thread from facts, then done and logged in one writer job, which refuses if
// the conversation has changed meanwhile. Used by desk/rules.
#pragma once

#include "desk/action_run.h"
#include "desk/rule_book.h"
#include "store/rule.h"

typedef struct {
    const RuleBook *book; // borrowed
    const Event *event;   // that happened; NULL: time
    const Rule *rule;     // time: the one whose time it is
    Id conversation_id;
    Instant episode; // time: from when it was counted
} RuleCase;

// Asks the rules, does what they say, logs why each acted or did not. TRUE also where no rule is
// set off. cursor: the event sequence that is settled with it, 0: none. FALSE with an error when
// the store failed.
gboolean rule_case_settle(const RuleCase *one, const ReplyContext *context, gint64 cursor,
                          GError **error);

// The setting that holds how far events are settled.
#define RULE_CURSOR "rules_event_seq"
gboolean rule_cursor_write(Db *db, gint64 seq, GError **error);
gboolean rule_cursor_read(Db *db, gint64 *seq, gboolean *found, GError **error);
