// Rules as pure data: conditions, what sets a rule off, bounds (model/rule.h; reliability.md I06).
#include "model/rule.h"

#include <string.h>

#define HOSTILE_BYTES ((gsize)1 << 20)
#define BUDGET_US 10000

static json_t *parse(const char *text) {
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    g_assert_nonnull(value);
    return value;
}

static RuleConditions *compile(const char *text, GError **error) {
    json_t *json = parse(text);
    RuleConditions *conditions = rule_conditions_decode(json, error);
    json_decref(json);
    return conditions;
}

// A Finnish shop's conversation, waiting for two hours.
static void fill(RuleFacts *facts) {
    *facts = (RuleFacts){.conversation_id = 1, .now = 7200000};
    rule_facts_set_text(facts, FACT_STATUS, "open");
    rule_facts_set_text(facts, FACT_SUBJECT, "Tilaus ÄÄNEKOSKELTA");
    rule_facts_set_text(facts, FACT_MESSAGE_TEXT, "Where is my refund? I want it NOW.");
    rule_facts_set_text(facts, FACT_CUSTOMER_DOMAIN, "Example.org");
    rule_facts_set_number(facts, FACT_PRIORITY, 1);
    rule_facts_set_since(facts, FACT_WAITING_MINUTES, 0);
    rule_facts_set_id(facts, FACT_ASSIGNEE, 0);
    rule_facts_set_id(facts, FACT_TEAM, 7);
    rule_facts_set_list(facts, FACT_TAGS, "VIP|shop", "|");
    rule_facts_set_number(facts, FACT_MESSAGE_IS_AUTOMATIC, FALSE);
    rule_facts_set_field(facts, FACT_CONVERSATION_FIELD, "amount", "250");
}

typedef struct {
    const char *conditions;
    gboolean holds;
} Case;

#define ONE(field, operator, value)                                                                \
    "{'field': '" field "', 'operator': '" operator"', 'value': " value "}"
#define TRUE_ONE ONE("conversation.status", "is", "'open'")
#define FALSE_ONE ONE("conversation.status", "is", "'resolved'")

static const Case cases[] = {
    {"{}", TRUE},
    {TRUE_ONE, TRUE},
    {FALSE_ONE, FALSE},
    {ONE("conversation.status", "is_not", "['resolved', 'pending']"), TRUE},
    {ONE("conversation.status", "is_not", "['open', 'pending']"), FALSE},
    {ONE("conversation.subject", "contains", "'äänekoski'"), FALSE},
    {ONE("conversation.subject", "contains", "'äänekosk'"), TRUE},
    {ONE("conversation.subject", "starts_with", "'TILAUS'"), TRUE},
    {ONE("conversation.subject", "ends_with", "'elta'"), TRUE},
    {ONE("message.text", "contains_word", "['money', 'refund']"), TRUE},
    {ONE("message.text", "contains_word", "'fund'"), FALSE},
    {ONE("message.text", "contains", "'fund'"), TRUE},
    {ONE("message.from", "contains", "'a'"), FALSE},
    {ONE("message.from", "is_not", "'a'"), TRUE},
    {ONE("customer.domain", "is", "'EXAMPLE.ORG'"), TRUE},
    {ONE("conversation.priority", "greater", "0"), TRUE},
    {ONE("conversation.priority", "greater", "1"), FALSE},
    {ONE("conversation.waiting_minutes", "less", "121"), TRUE},
    {ONE("conversation.waiting_minutes", "greater", "119"), TRUE},
    {ONE("conversation.assignee_id", "is", "null"), TRUE},
    {ONE("conversation.assignee_id", "exists", "false"), TRUE},
    {ONE("conversation.team_id", "is", "['5', '7']"), TRUE},
    {ONE("conversation.team_id", "is", "null"), FALSE},
    {ONE("conversation.tags", "is", "'vip'"), TRUE},
    {ONE("conversation.tags", "is_not", "'vip'"), FALSE},
    {ONE("conversation.tags", "starts_with", "'sh'"), TRUE},
    {ONE("message.is_automatic", "is", "false"), TRUE},
    {ONE("conversation.field.amount", "greater", "200"), TRUE},
    {ONE("conversation.field.colour", "exists", "true"), FALSE},
    {ONE("business_hours.is_open", "is", "true"), FALSE},
    {"{'all': [" TRUE_ONE ", " TRUE_ONE "]}", TRUE},
    {"{'all': [" TRUE_ONE ", " FALSE_ONE "]}", FALSE},
    {"{'any': [" FALSE_ONE ", " TRUE_ONE "]}", TRUE},
    {"{'any': [" FALSE_ONE ", " FALSE_ONE "]}", FALSE},
    {"{'none': [" FALSE_ONE ", " FALSE_ONE "]}", TRUE},
    {"{'none': [" FALSE_ONE ", " TRUE_ONE "]}", FALSE},
    {"{'all': [{'any': [" FALSE_ONE ", {'none': [" FALSE_ONE "]}]}, " TRUE_ONE "]}", TRUE},
    {"{'any': [{'all': [" TRUE_ONE ", {'none': [" TRUE_ONE "]}]}, " FALSE_ONE "]}", FALSE},
    {"{'any': [{'all': [" FALSE_ONE "]}, {'all': [" TRUE_ONE "]}]}", TRUE},
};

static void test_conditions_say_what_they_mean(void) {
    g_auto(RuleFacts) facts;
    fill(&facts);
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RuleConditions) conditions = compile(cases[at].conditions, &error);
        g_assert_no_error(error);
        if (rule_conditions_hold(conditions, &facts, NULL) != cases[at].holds) {
            g_test_message("%s", cases[at].conditions);
            g_test_fail();
        }
    }
}

static void test_the_deciding_comparison_is_named_without_texts(void) {
    g_auto(RuleFacts) facts;
    int place;
    fill(&facts);
    g_autoptr(RuleConditions) conditions = compile(
        "{'all': [" TRUE_ONE ", {'any': [" ONE("message.text", "contains", "'parcel'") "]}]}",
        NULL);
    g_assert_false(rule_conditions_hold(conditions, &facts, &place));
    g_assert_cmpstr(rule_conditions_path(conditions, place), ==, "all[1].any[0]");
    json_t *json = rule_conditions_explain(conditions, &facts, place);
    g_autofree char *text = json_dumps(json, 0);
    g_assert_null(strstr(text, "refund"));
    g_assert_null(strstr(text, "parcel"));
    json_decref(json);
}

static void test_what_is_no_condition_is_refused(void) {
    static const char *const wrong[] = {"[]",
                                        "{'all': []}",
                                        "{'all': 1}",
                                        "{'all': [" TRUE_ONE "], 'any': [" TRUE_ONE "]}",
                                        "{'field': 'conversation.status'}",
                                        ONE("conversation.secret", "is", "'x'"),
                                        ONE("conversation.status", "matches", "'.*'"),
                                        ONE("conversation.status", "greater", "1"),
                                        ONE("conversation.priority", "is", "'1'"),
                                        ONE("conversation.team_id", "is", "7"),
                                        ONE("conversation.status", "is", "[]"),
                                        ONE("conversation.subject", "contains", "''"),
                                        "{'all': [{'all': [{'all': [{'all': [{'all': [" TRUE_ONE
                                        "]}]}]}]}]}"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RuleConditions) conditions = compile(wrong[at], &error);
        g_assert_null(conditions);
        g_assert_nonnull(error);
    }
}

static void test_number_and_size_are_bounded(void) {
    g_autoptr(GString) many = g_string_new("{'any': [" FALSE_ONE);
    for (int at = 0; at < CONDITIONS_LEAVES_MAX; at++)
        g_string_append(many, ", " FALSE_ONE);
    g_string_append(many, "]}");
    g_assert_null(compile(many->str, NULL));
    g_autofree char *pattern = g_strnfill(CONDITION_PATTERN_MAX + 1, 'x');
    g_autofree char *big =
        g_strdup_printf(ONE("conversation.subject", "contains", "'%s'"), pattern);
    g_assert_null(compile(big, NULL));
}

// All fifty comparisons, each with its longest pattern, over a megabyte that almost matches.
static gint64 hostile_time(const char *unit) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) pattern = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    while (text->len < HOSTILE_BYTES)
        g_string_append(text, unit);
    while (pattern->len + strlen(unit) < CONDITION_PATTERN_MAX)
        g_string_append(pattern, unit);
    g_string_append_c(pattern, '!');
    g_autofree char *json =
        g_strdup_printf(ONE("message.text", "contains_word", "'%s'"), pattern->str);
    g_autoptr(RuleConditions) conditions = compile(json, &error);
    g_assert_no_error(error);
    gint64 least = G_MAXINT64;
    for (int try = 0; try < 5; try++) {
        g_auto(RuleFacts) facts = {0};
        gint64 start = g_get_monotonic_time();
        rule_facts_set_text(&facts, FACT_MESSAGE_TEXT, text->str);
        g_assert_false(rule_conditions_hold(conditions, &facts, NULL));
        least = MIN(least, g_get_monotonic_time() - start);
    }
    return least;
}

static void test_hostile_texts_cost_no_time(void) {
    static const char *const units[] = {"a", "ab", "ä", "aaaaaaab", "(a+)+"};
    for (gsize at = 0; at < G_N_ELEMENTS(units); at++) {
        gint64 us = hostile_time(units[at]);
        g_test_message("\"%s\": %" G_GINT64_FORMAT " us", units[at], us);
        g_assert_cmpint(us, <, BUDGET_US);
    }
}

static Rule *rule_of(const char *text, GError **error) {
    json_t *json = parse(text);
    Rule *rule = rule_decode(json, error);
    json_decref(json);
    return rule;
}

static void test_no_rule_sets_off_a_rule(void) {
    g_autoptr(Rule) rule =
        rule_of("{'name': 'R', 'when': {'event': ['message_received', 'tagged']},"
                " 'actions': [{'action': 'add_tag', 'tag': 'x'}]}",
                NULL);
    rule->active_since = 100;
    Event event = {
        .type = EVENT_TAGGED, .actor = ACTOR_AGENT, .conversation_id = 1, .recorded_at = 100};
    g_assert_true(rule_is_set_off(rule, &event));
    event.actor = ACTOR_RULE;
    g_assert_false(rule_is_set_off(rule, &event));
    event.actor = ACTOR_CUSTOMER;
    event.recorded_at = 99;
    g_assert_false(rule_is_set_off(rule, &event));
    event.recorded_at = 100;
    event.type = EVENT_ASSIGNED;
    g_assert_false(rule_is_set_off(rule, &event));
}

static void test_what_is_no_rule_is_refused(void) {
    static const char *const wrong[] = {
        "{'name': '', 'when': {'event': 'tagged'}, 'actions': [{'action': 'unassign'}]}",
        "{'name': 'R', 'when': {}, 'actions': [{'action': 'unassign'}]}",
        "{'name': 'R', 'when': {'event': 'moved'}, 'actions': [{'action': 'unassign'}]}",
        "{'name': 'R', 'when': {'time': 'waiting'}, 'actions': [{'action': 'unassign'}]}",
        "{'name': 'R', 'when': {'time': 'lunch', 'minutes': 1}, 'actions': [{'action':"
        " 'unassign'}]}",
        "{'name': 'R', 'when': {'event': 'tagged'}, 'actions': []}",
        "{'name': 'R', 'when': {'event': 'tagged'}, 'actions': [{'action': 'assign_me'}]}",
        "{'name': 'R', 'when': {'event': 'tagged'}, 'actions': [{'action': 'unassign'}], 'x': 1}",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Rule) rule = rule_of(wrong[at], &error);
        g_assert_null(rule);
        g_assert_nonnull(error);
    }
}

static void test_the_next_rule_sees_what_this_one_did(void) {
    g_auto(RuleFacts) facts;
    fill(&facts);
    g_autoptr(Rule) rule =
        rule_of("{'name': 'R', 'when': {'event': 'tagged'}, 'actions': [{'action':"
                " 'add_tag', 'tag': 'Late'}, {'action': 'remove_tag', 'tag':"
                " 'vip'}, {'action': 'assign_agent', 'agent_id': '9'}]}",
                NULL);
    for (guint at = 0; at < rule->actions->actions->len; at++) {
        const Action *action = rule->actions->actions->pdata[at];
        g_assert_true(rule_action_matters(action, &facts));
        rule_action_foresee(action, &facts);
        g_assert_false(rule_action_matters(action, &facts));
    }
    g_autoptr(RuleConditions) conditions =
        compile("{'all': [" ONE("conversation.tags", "is", "'late'") ", " ONE(
                    "conversation.tags", "is_not", "'vip'") ", " ONE("conversation.assignee_id",
                                                                     "is", "'9'") "]}",
                NULL);
    g_assert_true(rule_conditions_hold(conditions, &facts, NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/conditions-say-what-they-mean", test_conditions_say_what_they_mean);
    g_test_add_func("/rule/the-deciding-comparison-is-named-without-texts",
                    test_the_deciding_comparison_is_named_without_texts);
    g_test_add_func("/rule/what-is-no-condition-is-refused", test_what_is_no_condition_is_refused);
    g_test_add_func("/rule/number-and-size-are-bounded", test_number_and_size_are_bounded);
    g_test_add_func("/rule/I06-hostile-texts-cost-no-time", test_hostile_texts_cost_no_time);
    g_test_add_func("/rule/no-rule-sets-off-a-rule", test_no_rule_sets_off_a_rule);
    g_test_add_func("/rule/what-is-no-rule-is-refused", test_what_is_no_rule_is_refused);
    g_test_add_func("/rule/the-next-rule-sees-what-this-one-did",
                    test_the_next_rule_sees_what_this_one_did);
    return g_test_run();
}
