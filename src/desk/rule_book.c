#include "desk/rule_book.h"

#include "base/log.h"
#include "store/rule.h"

#define STATE_FACTS                                                                                \
    (FACT_BIT(FACT_STATUS) | FACT_BIT(FACT_ASSIGNEE) | FACT_BIT(FACT_TEAM) |                       \
     FACT_BIT(FACT_PRIORITY) | FACT_BIT(FACT_TAGS))

void rule_book_free(RuleBook *book) {
    if (book == NULL)
        return;
    g_ptr_array_unref(book->rules);
    rule_calendars_free(book->calendars);
    g_free(book);
}

FactSet rule_needs(const Rule *rule) {
    return rule_conditions_needs(rule->conditions) | STATE_FACTS;
}

Rule *rule_book_compile(const char *trigger_on, const char *conditions, const char *actions,
                        GError **error) {
    json_t *json = json_pack(
        "{s:s, s:o*, s:o*, s:o*}", "name", "rule", "when", json_loads(trigger_on, 0, NULL),
        "conditions", json_loads(conditions, 0, NULL), "actions", json_loads(actions, 0, NULL));
    Rule *rule = rule_decode(json, error);
    json_decref(json);
    return rule;
}

static void add_rule(RuleBook *book, const RuleRow *row) {
    g_autoptr(GError) problem = NULL;
    Rule *rule = rule_book_compile(row->trigger_on, row->conditions, row->actions, &problem);
    if (rule == NULL) {
        log_error(problem, "rule_unusable", NULL);
        return;
    }
    rule->id = row->id;
    rule->version = row->version;
    rule->position = row->position;
    rule->is_active = row->is_active;
    rule->stops = row->stops;
    rule->active_since = row->active_since;
    book->events |= rule->trigger.events;
    book->needs |= rule_needs(rule);
    g_ptr_array_add(book->rules, rule);
}

RuleBook *rule_book_read(Db *db, GError **error) {
    g_autoptr(RuleBook) book = g_new0(RuleBook, 1);
    book->rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    g_autoptr(GPtrArray) rows = rule_row_list(db, error);
    if (rows == NULL || !rule_row_state(db, &book->state, error))
        return NULL;
    for (guint at = 0; at < rows->len; at++)
        if (((const RuleRow *)rows->pdata[at])->is_active)
            add_rule(book, rows->pdata[at]);
    book->calendars = rule_calendars_read(db, error);
    return book->calendars != NULL ? g_steal_pointer(&book) : NULL;
}
