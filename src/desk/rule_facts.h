// Fills the facts of rules (model/rule_facts.h) from the store: one query for any number of
// conversations, with no more columns than the conditions ask for. Used by desk/rules for one
// conversation and by the dry run for many. Reads only.
#pragma once

#include "model/rule.h"
#include "store/db.h"

// Calendars by id and those of channels, read once.
typedef struct {
    GPtrArray *all;         // of Calendar
    GHashTable *by_id;      // Id -> Calendar
    GHashTable *of_channel; // channel id -> Calendar
} RuleCalendars;

// NULL with an error.
RuleCalendars *rule_calendars_read(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rule_calendars_free(RuleCalendars *calendars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleCalendars, rule_calendars_free)

// The query; its rows stand for conversations c that tail chooses ("WHERE c.id = $1 ..."), as SQL
// behind FROM and joins. message is an SQL expression of the message's id, or NULL for the last one
// from outside. Owned.
char *rule_facts_sql(FactSet needs, const char *message,
                     const char *tail) G_GNUC_WARN_UNUSED_RESULT;

// The present row. facts must be cleared before by rule_facts_clear, and afterwards. calendars may
// be NULL where is_open is not needed.
void rule_facts_read(DbRows *rows, FactSet needs, const RuleCalendars *calendars, Instant now,
                     RuleFacts *facts);

// One conversation (merges followed) with that message (0: the last from outside). *found tells.
gboolean rule_facts_load(Db *db, Id conversation_id, Id message_id, FactSet needs,
                         const RuleCalendars *calendars, Instant now, RuleFacts *facts,
                         gboolean *found, GError **error);
