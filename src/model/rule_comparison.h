// One comparison of a rule's conditions: a fact, an operator, values. Private to
// model/rule_conditions. Pure.
#pragma once

#include <jansson.h>

#include "model/rule_facts.h"

typedef struct RuleComparison RuleComparison;

// path names it in errors.
RuleComparison *rule_comparison_decode(const json_t *json, const char *path,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rule_comparison_free(RuleComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleComparison, rule_comparison_free)

FactName rule_comparison_fact(const RuleComparison *comparison);
gboolean rule_comparison_holds(const RuleComparison *comparison, const RuleFacts *facts);

// Its field, its operator and the fact, without texts of people.
json_t *rule_comparison_explain(const RuleComparison *comparison,
                                const RuleFacts *facts) G_GNUC_WARN_UNUSED_RESULT;
