// All active rules, compiled, in their order, with the calendars that they ask: an immutable
// snapshot that is read again when a rule has changed. Used by desk/rules alone, on its thread.
#pragma once

#include "desk/rule_facts.h"

typedef struct {
    gint64 state;     // of the rows that it was read from
    GPtrArray *rules; // of Rule: active ones
    guint64 events;   // that any of them waits for, as bits
    FactSet needs;    // what any of them asks
    RuleCalendars *calendars;
} RuleBook;

// NULL with an error. A row that does not compile is left out.
RuleBook *rule_book_read(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rule_book_free(RuleBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleBook, rule_book_free)

// What its actions can be told from, and its conditions.
FactSet rule_needs(const Rule *rule);

// Compiles one row, or the JSON of one; NULL with an error (invalid).
Rule *rule_book_compile(const char *trigger_on, const char *conditions, const char *actions,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
