// Rules as rows, the log of their runs, and the marks of time rules. Used by desk/rules and api.
// What a rule means is model/rule.h's.
#pragma once

#include <jansson.h>

#include "store/db.h"

#define RULES_MAX 500

typedef struct {
    Id id;
    char *name;
    gint64 position;
    gboolean is_active;
    char *trigger_on; // JSON; so below
    char *conditions;
    char *actions;
    gboolean stops;
    Instant active_since; // INSTANT_NONE: never active yet
    Instant created_at;
    gint64 version;
} RuleRow;

void rule_row_free(RuleRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleRow, rule_row_free)

// All in their order; of RuleRow. NULL with an error.
GPtrArray *rule_row_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
// NULL with an error (rule_unknown).
RuleRow *rule_row_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Adds it behind all others; conflict (rule_exists) for a name that is taken, limit for the 501st.
gboolean rule_row_add(Db *db, RuleRow *row, GError **error);
// Writes all but position; a rule that becomes active is so from now on.
gboolean rule_row_change(Db *db, const RuleRow *row, Instant now, GError **error);
gboolean rule_row_remove(Db *db, Id id, GError **error);
// ids are all rules in their new order; invalid when they are not.
gboolean rule_row_order(Db *db, const Id *ids, gsize count, GError **error);

// A number that is another after each change of any rule.
gboolean rule_row_state(Db *db, gint64 *state, GError **error);

typedef struct {
    Id rule_id;
    gint64 rule_version;
    Id conversation_id;
    Id customer_id; // who was written to; 0: nobody
    Id event_id;    // 0: time
    const char *outcome;
    const json_t *detail; // borrowed
} RuleRun;

gboolean rule_run_add(Db *db, const RuleRun *run, GError **error);

// Whether the rule wrote to the customer, or acted limit times on the conversation, since then.
gboolean rule_run_has_written(Db *db, Id rule_id, Id customer_id, Instant since, gboolean *has,
                              GError **error);
gboolean rule_run_is_limited(Db *db, Id rule_id, Id conversation_id, Instant since, gint64 limit,
                             gboolean *is, GError **error);

// Forgets runs older than that, at most limit at once.
gboolean rule_run_prune(Db *db, Instant before, gint64 limit, GError **error);

typedef struct {
    Id rule_id;
    Id conversation_id;
    Instant episode; // from which the time was counted
    gint64 conversation_version;
    gboolean is_settled;
} RuleMark;

gboolean rule_mark_set(Db *db, const RuleMark *mark, GError **error);
