#include "desk/rule_dry_run.h"

#include "desk/rule_book.h"
#include "store/visibility.h"

#define PIECE 5000

#define BY_TIME                                                                                    \
    "WHERE c.merged_into IS NULL AND (c.last_message_at, c.id) > ($1, $2)"                         \
    " AND c.last_message_at < $3 AND ($4 = 0 OR (" VISIBLE_CONVERSATION(                           \
        "c", "$4") "))"                                                                            \
                   " ORDER BY c.last_message_at, c.id LIMIT $5"
#define BY_IDS                                                                                     \
    "WHERE c.merged_into IS NULL AND c.id IN (%s) AND ($1 = 0 OR (" VISIBLE_CONVERSATION(          \
        "c", "$1") ")) ORDER BY c.id"

#define LAST_MESSAGE_AT 11 // the column of rule_facts_sql
typedef struct {
    const Rule *rule;
    const RuleCalendars *calendars;
    FactSet needs;
    Instant now;
    gint64 limit;
    gint64 looked_at, matched;
    json_t *items;
    GHashTable *places; // place -> count of what it decided against
    Instant last_at;    // where the piece ended
    Id last_id;
} DryRun;

static void add_item(DryRun *run, const RuleFacts *facts) {
    char id[ID_TEXT_SIZE];
    json_t *actions = json_array();
    for (guint at = 0; at < run->rule->actions->actions->len; at++) {
        const Action *action = run->rule->actions->actions->pdata[at];
        if (rule_action_matters(action, facts))
            json_array_append_new(actions, json_string(action_type_name(action->type)));
    }
    json_array_append_new(run->items,
                          json_pack("{s:s, s:o}", "conversation_id",
                                    id_format(facts->conversation_id, id), "actions", actions));
}

static void count_place(DryRun *run, int place) {
    gpointer key = GINT_TO_POINTER(place + 1);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(run->places, key));
    g_hash_table_insert(run->places, key, GUINT_TO_POINTER(count + 1));
}

static void look_at(DryRun *run, DbRows *rows) {
    g_auto(RuleFacts) facts = {0};
    int place;
    Instant last = db_rows_instant(rows, LAST_MESSAGE_AT);
    gboolean is_event = run->rule->trigger.time == RULE_TIME_NONE;
    rule_facts_read(rows, run->needs, run->calendars, is_event ? last : run->now, &facts);
    run->last_at = last;
    run->last_id = facts.conversation_id;
    run->looked_at++;
    if (!rule_conditions_hold(run->rule->conditions, &facts, &place)) {
        count_place(run, place);
        return;
    }
    if (run->matched++ < run->limit)
        add_item(run, &facts);
}

static gboolean look_at_all(DryRun *run, DbRows *rows, int *count, GError **error) {
    GError *failure = NULL;
    if (rows == NULL)
        return FALSE;
    for (*count = 0; db_rows_next(rows, &failure); ++*count)
        look_at(run, rows);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean run_by_time(DryRun *run, Db *db, const RuleDryRun *scope, GError **error) {
    g_autofree char *sql = rule_facts_sql(run->needs, NULL, BY_TIME);
    int count = PIECE;
    run->last_at = scope->from - 1;
    while (count == PIECE && run->looked_at < DRY_RUN_MAX) {
        g_autoptr(DbRows) rows =
            db_query(db, sql,
                     DB_VALUES(DB_INT(run->last_at), DB_INT(run->last_id), DB_INT(scope->to),
                               DB_INT(scope->viewer), DB_INT(PIECE)),
                     error);
        if (!look_at_all(run, rows, &count, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean run_by_ids(DryRun *run, Db *db, const RuleDryRun *scope, GError **error) {
    g_autoptr(GString) ids = g_string_new("0");
    int count;
    for (gsize at = 0; at < scope->count; at++)
        g_string_append_printf(ids, ", %" G_GINT64_FORMAT, scope->ids[at]);
    g_autofree char *tail = g_strdup_printf(BY_IDS, ids->str);
    g_autofree char *sql = rule_facts_sql(run->needs, NULL, tail);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_INT(scope->viewer)), error);
    return look_at_all(run, rows, &count, error);
}

static json_t *places_json(const DryRun *run) {
    json_t *list = json_array();
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, run->places);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const char *path = rule_conditions_path(run->rule->conditions, GPOINTER_TO_INT(key) - 1);
        json_array_append_new(list, json_pack("{s:s, s:I}", "decided_by", path, "count",
                                              (json_int_t)GPOINTER_TO_UINT(value)));
    }
    return list;
}

static json_t *result_json(const DryRun *run) {
    return json_pack("{s:I, s:I, s:b, s:O, s:o}", "looked_at", (json_int_t)run->looked_at,
                     "matched", (json_int_t)run->matched, "is_complete",
                     run->looked_at < DRY_RUN_MAX, "items", run->items, "not_matched",
                     places_json(run));
}

json_t *rule_dry_run(Db *db, const Rule *rule, const RuleDryRun *scope, Instant now,
                     GError **error) {
    g_autoptr(RuleCalendars) calendars = rule_calendars_read(db, error);
    if (calendars == NULL)
        return NULL;
    DryRun run = {.rule = rule,
                  .calendars = calendars,
                  .needs = rule_needs(rule),
                  .now = now,
                  .limit = scope->limit,
                  .items = json_array(),
                  .places = g_hash_table_new(NULL, NULL)};
    gboolean good = scope->ids != NULL ? run_by_ids(&run, db, scope, error)
                                       : run_by_time(&run, db, scope, error);
    json_t *json = good ? result_json(&run) : NULL;
    json_decref(run.items);
    g_hash_table_unref(run.places);
    return json;
}
