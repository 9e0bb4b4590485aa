#include "model/rule_comparison.h"

#include <string.h>

#include "base/error.h"
#include "model/business_time.h"
#include "model/fold.h"
#include "model/rule_conditions.h"

typedef enum {
    OPERATOR_IS,
    OPERATOR_IS_NOT,
    OPERATOR_CONTAINS,
    OPERATOR_CONTAINS_WORD,
    OPERATOR_STARTS_WITH,
    OPERATOR_ENDS_WITH,
    OPERATOR_GREATER,
    OPERATOR_LESS,
    OPERATOR_EXISTS,
    OPERATORS,
} Operator;

typedef gboolean (*Match)(const FoldPattern *pattern, const char *text);

#define ON(type) (1u << FACT_TYPE_##type)
#define ON_ALL (ON(WORD) | ON(TEXT) | ON(ID) | ON(NUMBER) | ON(FLAG) | ON(SET))

typedef struct {
    const char *name;
    guint types;
    Match match; // of texts
} OperatorRow;

static const OperatorRow operators[OPERATORS] = {
    [OPERATOR_IS] = {"is", ON_ALL, fold_pattern_is},
    [OPERATOR_IS_NOT] = {"is_not", ON_ALL, fold_pattern_is},
    [OPERATOR_CONTAINS] = {"contains", ON(TEXT) | ON(SET), fold_pattern_is_within},
    [OPERATOR_CONTAINS_WORD] = {"contains_word", ON(TEXT), fold_pattern_is_word_within},
    [OPERATOR_STARTS_WITH] = {"starts_with", ON(TEXT) | ON(SET), fold_pattern_starts},
    [OPERATOR_ENDS_WITH] = {"ends_with", ON(TEXT) | ON(SET), fold_pattern_ends},
    [OPERATOR_GREATER] = {"greater", ON(NUMBER) | ON(TEXT), NULL},
    [OPERATOR_LESS] = {"less", ON(NUMBER) | ON(TEXT), NULL},
    [OPERATOR_EXISTS] = {"exists", ON_ALL, NULL},
};

struct RuleComparison {
    FactName fact;
    char *field; // its whole name
    Operator asks;
    GPtrArray *patterns; // of FoldPattern: text, word, set
    GArray *numbers;     // of gint64: number, id, flag, exists
    gboolean has_null;   // among the values
    Id calendar_id;      // 0: the channel's
};

static gboolean refuse(GError **error, const char *path, const char *what) {
    error_set(error, ERROR_INVALID, "condition_invalid", "conditions%s%s: %s",
              *path != '\0' ? "." : "", path, what);
    return FALSE;
}

void rule_comparison_free(RuleComparison *comparison) {
    if (comparison == NULL)
        return;
    g_free(comparison->field);
    g_ptr_array_unref(comparison->patterns);
    g_array_unref(comparison->numbers);
    g_free(comparison);
}

static gboolean parse_operator(const char *name, Operator *asks) {
    for (int at = 0; at < OPERATORS; at++)
        if (strcmp(operators[at].name, name) == 0) {
            *asks = (Operator)at;
            return TRUE;
        }
    return FALSE;
}

static gboolean add_text(RuleComparison *comparison, const json_t *value) {
    if (!json_is_string(value) || json_string_length(value) > CONDITION_PATTERN_MAX ||
        json_string_length(value) == 0)
        return FALSE;
    g_ptr_array_add(comparison->patterns, fold_pattern_new(json_string_value(value)));
    return TRUE;
}

static gboolean add_number(RuleComparison *comparison, gboolean is_good, gint64 number) {
    g_array_append_val(comparison->numbers, number);
    return is_good;
}

static gboolean add_value(RuleComparison *comparison, const json_t *value) {
    gboolean is_order = comparison->asks == OPERATOR_GREATER || comparison->asks == OPERATOR_LESS;
    if (json_is_null(value) && comparison->asks <= OPERATOR_IS_NOT) {
        comparison->has_null = TRUE;
        return TRUE;
    }
    if (comparison->asks == OPERATOR_EXISTS)
        return add_number(comparison, json_is_boolean(value), json_is_true(value));
    if (is_order)
        return add_number(comparison, json_is_integer(value), json_integer_value(value));
    switch (fact_type(comparison->fact)) {
    case FACT_TYPE_NUMBER:
        return add_number(comparison, json_is_integer(value), json_integer_value(value));
    case FACT_TYPE_FLAG:
        return add_number(comparison, json_is_boolean(value), json_is_true(value));
    case FACT_TYPE_ID: {
        Id id = json_is_string(value) ? id_parse(json_string_value(value), NULL) : 0;
        return add_number(comparison, id != 0, id);
    }
    case FACT_TYPE_WORD:
    case FACT_TYPE_TEXT:
    case FACT_TYPE_SET:
    default:
        return add_text(comparison, value);
    }
}

static gboolean add_values(RuleComparison *comparison, const json_t *value) {
    size_t at;
    const json_t *item;
    if (!json_is_array(value))
        return add_value(comparison, value);
    if (json_array_size(value) == 0 || json_array_size(value) > CONDITION_VALUES_MAX)
        return FALSE;
    json_array_foreach(value, at, item) {
        if (!add_value(comparison, item))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_names(RuleComparison *comparison, const char *field, const char *asks,
                           const char *path, GError **error) {
    const char *key;
    if (!fact_parse(field, &comparison->fact, &key))
        return refuse(error, path, "field must name one of the fields in the manual");
    if (!parse_operator(asks, &comparison->asks))
        return refuse(error, path, "operator must name one of those in the manual");
    if ((operators[comparison->asks].types & (1u << fact_type(comparison->fact))) == 0)
        return refuse(error, path, "the field cannot be asked with that operator");
    comparison->field = g_strdup(field);
    return TRUE;
}

static gboolean read_calendar(RuleComparison *comparison, const char *calendar, const char *path,
                              GError **error) {
    if (calendar == NULL)
        return TRUE;
    comparison->calendar_id = id_parse(calendar, NULL);
    return (comparison->calendar_id != 0 && comparison->fact == FACT_IS_OPEN) ||
           refuse(error, path, "calendar_id must be an id, and belongs to business_hours.is_open");
}

RuleComparison *rule_comparison_decode(const json_t *json, const char *path, GError **error) {
    g_autoptr(RuleComparison) comparison = g_new0(RuleComparison, 1);
    const char *field, *asks, *calendar = NULL;
    json_t *value = NULL;
    json_error_t problem;
    comparison->patterns = g_ptr_array_new_with_free_func((GDestroyNotify)fold_pattern_free);
    comparison->numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (json_unpack_ex((json_t *)(guintptr)json, &problem, JSON_STRICT, "{s:s, s:s, s?o, s?s}",
                       "field", &field, "operator", &asks, "value", &value, "calendar_id",
                       &calendar) != 0) {
        refuse(error, path, problem.text);
        return NULL;
    }
    if (!read_names(comparison, field, asks, path, error) ||
        !read_calendar(comparison, calendar, path, error))
        return NULL;
    if (value == NULL && comparison->asks == OPERATOR_EXISTS)
        add_number(comparison, TRUE, TRUE);
    else if (value == NULL || !add_values(comparison, value)) {
        refuse(error, path, "value does not fit the field: see the manual for its type");
        return NULL;
    }
    return g_steal_pointer(&comparison);
}

FactName rule_comparison_fact(const RuleComparison *comparison) {
    return comparison->fact;
}

static gboolean matches_text(const RuleComparison *comparison, const char *text) {
    Match match = operators[comparison->asks].match;
    for (guint at = 0; at < comparison->patterns->len; at++)
        if (match(comparison->patterns->pdata[at], text))
            return TRUE;
    return FALSE;
}

static gboolean matches_any_text(const RuleComparison *comparison, const Fact *fact) {
    if (fact->list == NULL)
        return fact->text != NULL && matches_text(comparison, fact->text);
    for (char **item = fact->list; *item != NULL; item++)
        if (matches_text(comparison, *item))
            return TRUE;
    return FALSE;
}

static gboolean matches_number(const RuleComparison *comparison, gint64 number) {
    for (guint at = 0; at < comparison->numbers->len; at++) {
        gint64 value = g_array_index(comparison->numbers, gint64, at);
        if (comparison->asks == OPERATOR_GREATER ? number > value
            : comparison->asks == OPERATOR_LESS  ? number < value
                                                 : number == value)
            return TRUE;
    }
    return FALSE;
}

// A field's text as a number; FALSE where it is none.
static gboolean read_number(const Fact *fact, gint64 *number) {
    char *end = NULL;
    *number = fact->number;
    if (fact->text == NULL)
        return TRUE;
    *number = (gint64)g_ascii_strtod(fact->text, &end);
    return end != fact->text && *end == '\0';
}

static gboolean matches(const RuleComparison *comparison, const Fact *fact) {
    gint64 number;
    if (!fact->is_known)
        return comparison->has_null;
    if (comparison->numbers->len > 0)
        return read_number(fact, &number) && matches_number(comparison, number);
    return matches_any_text(comparison, fact);
}

static Fact is_open(const RuleComparison *comparison, const RuleFacts *facts) {
    const Calendar *calendar = facts->calendar;
    if (comparison->calendar_id != 0)
        calendar = facts->calendars != NULL
                       ? g_hash_table_lookup(facts->calendars, &comparison->calendar_id)
                       : NULL;
    return (Fact){.is_known = calendar != NULL,
                  .number =
                      calendar != NULL && business_time_is_open(calendar, facts->now) ? 1 : 0};
}

static Fact find_fact(const RuleComparison *comparison, const RuleFacts *facts) {
    const Fact *field = NULL;
    if (comparison->fact == FACT_IS_OPEN)
        return is_open(comparison, facts);
    if (comparison->fact < FACT_IS_OPEN)
        return facts->facts[comparison->fact];
    if (facts->fields != NULL)
        field = g_hash_table_lookup(facts->fields, comparison->field);
    return field != NULL ? *field : (Fact){.is_known = FALSE};
}

gboolean rule_comparison_holds(const RuleComparison *comparison, const RuleFacts *facts) {
    Fact fact = find_fact(comparison, facts);
    if (comparison->asks == OPERATOR_EXISTS)
        return fact.is_known == (gboolean)g_array_index(comparison->numbers, gint64, 0);
    return matches(comparison, &fact) == (comparison->asks != OPERATOR_IS_NOT);
}

static json_t *actual(FactType type, const Fact *fact) {
    if (!fact->is_known)
        return json_null();
    switch (type) {
    case FACT_TYPE_WORD:
        return json_string(fact->text);
    case FACT_TYPE_ID: {
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, fact->number);
        return json_string(id);
    }
    case FACT_TYPE_NUMBER:
        return json_integer(fact->number);
    case FACT_TYPE_FLAG:
        return json_boolean(fact->number);
    case FACT_TYPE_SET:
    case FACT_TYPE_TEXT:
    default:
        return NULL;
    }
}

json_t *rule_comparison_explain(const RuleComparison *comparison, const RuleFacts *facts) {
    Fact fact = find_fact(comparison, facts);
    json_t *json = json_pack("{s:s, s:s, s:b}", "field", comparison->field, "operator",
                             operators[comparison->asks].name, "is_known", fact.is_known);
    json_t *value = actual(fact_type(comparison->fact), &fact);
    if (value != NULL)
        json_object_set_new(json, "actual", value);
    return json;
}
