// A rule's conditions: a tree of all, any and none over comparisons, compiled once and asked many
// times. Bounded in depth and number; asking takes time linear in the facts' texts (model/fold.h)
// whatever the patterns are (reliability.md I06). Pure.
#pragma once

#include <jansson.h>

#include "model/rule_facts.h"

#define CONDITIONS_DEPTH_MAX 4
#define CONDITIONS_LEAVES_MAX 50
#define CONDITION_VALUES_MAX 100
#define CONDITION_PATTERN_MAX 10000 // bytes of one text

typedef struct RuleConditions RuleConditions;

// {"all": [...]}, {"any": [...]}, {"none": [...]}, or a comparison {"field": "conversation.status",
// "operator": "is", "value": "open"}; value may be a list, of which any will do (with is_not: none
// may). business_hours.is_open takes "calendar_id", too; without it asks the channel's. {} is
// always true. NULL with an error (invalid) that names the place.
RuleConditions *rule_conditions_decode(const json_t *json,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rule_conditions_free(RuleConditions *conditions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleConditions, rule_conditions_free)

// The facts that may be asked for: others need not be filled in.
FactSet rule_conditions_needs(const RuleConditions *conditions);

// Whether they hold. *decided_by, which may be NULL, becomes the place of the comparison that
// decided it, an index for the two functions below; -1 where there is none.
gboolean rule_conditions_hold(const RuleConditions *conditions, const RuleFacts *facts,
                              int *decided_by);

// "all[1].any[0]".
const char *rule_conditions_path(const RuleConditions *conditions, int place);
// {"field", "operator", "actual"?}: actual is the fact, where it is no text of a person.
json_t *rule_conditions_explain(const RuleConditions *conditions, const RuleFacts *facts,
                                int place) G_GNUC_WARN_UNUSED_RESULT;
