// A rule: when something happens, or has lasted for some time, and its conditions hold, its actions
// are done. Decoded and compiled from JSON here; asked by desk/rules and the dry run. Pure:
// desk/ brings the facts and does the actions.
#pragma once

#include "model/action.h"
#include "model/event.h"
#include "model/rule_conditions.h"

typedef enum {
    RULE_TIME_NONE,       // by events
    RULE_TIME_WAITING,    // the customer waits so long for an answer
    RULE_TIME_UNANSWERED, // ... and nobody wrote anything meanwhile
    RULE_TIME_PENDING,    // pending for so long
    RULE_TIME_SNOOZED,    // snoozed for so long
    RULE_TIME_IDLE,       // not resolved, and no message for so long
    RULE_TIMES,
} RuleTime;

typedef struct {
    guint64 events; // bits of EventType
    RuleTime time;
    gint64 minutes;
} RuleTrigger;

typedef struct {
    Id id;
    gint64 version;
    char *name;
    gint64 position;
    gboolean is_active;
    gboolean stops;       // no later rule looks at what this one acted on
    Instant active_since; // what happened before does not concern it
    RuleTrigger trigger;
    RuleConditions *conditions;
    ActionList *actions;
} Rule;

// {"event": "message_received"} or a list of events, or {"time": "waiting", "minutes": 120}.
gboolean rule_trigger_decode(const json_t *json, RuleTrigger *trigger, GError **error);

// {"name", "is_active"?, "when", "conditions"?, "actions", "stops"?}; position and ids are the
// store's. NULL with an error (invalid) that names the place.
Rule *rule_decode(json_t *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rule_free(Rule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rule, rule_free)

// Whether it is to be asked about the event. Never about what a rule did (no rule sets off a rule),
// nor about what happened before it was active.
gboolean rule_is_set_off(const Rule *rule, const Event *event);

// Whether the action would change anything, as far as the facts tell.
gboolean rule_action_matters(const Action *action, const RuleFacts *facts);

// The facts as they are once the action is done: what the next rule sees.
void rule_action_foresee(const Action *action, RuleFacts *facts);
