#include "desk/rule_case.h"

#include <string.h>

#include "base/error.h"

#define TRIES 3
#define HOUR_MS G_GINT64_CONSTANT(3600000)
#define LIMIT_AN_HOUR 10 // runs of one rule on one conversation

// What one rule made of the case.
typedef struct {
    const Rule *rule;
    ActionRun *run;  // NULL: its conditions do not hold
    GError *problem; // of the preparation
    json_t *detail;  // as far as it is known before the job
} Verdict;

// All of it, on its way to the writer.
typedef struct {
    const RuleCase *one;
    const ReplyContext *context;
    gint64 cursor;
    Id conversation_id;
    Id customer_id;
    gint64 version;
    GPtrArray *verdicts; // of Verdict
} Settlement;

static void verdict_free(gpointer data) {
    Verdict *verdict = data;
    action_run_free(verdict->run);
    g_clear_error(&verdict->problem);
    json_decref(verdict->detail);
    g_free(verdict);
}

gboolean rule_cursor_write(Db *db, gint64 seq, GError **error) {
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, seq);
    return db_run(db,
                  "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name)"
                  " DO UPDATE SET value = $2",
                  DB_VALUES(DB_TEXT(RULE_CURSOR), DB_TEXT(text)), error);
}

gboolean rule_cursor_read(Db *db, gint64 *seq, gboolean *found, GError **error) {
    return db_query_int(db, "SELECT CAST(value AS BIGINT) FROM setting WHERE name = $1",
                        DB_VALUES(DB_TEXT(RULE_CURSOR)), seq, found, error);
}

// Each event has one reply of a rule at most, however often it is looked at.
static char *reply_key(const RuleCase *one, const Rule *rule) {
    return g_strdup_printf("rule-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                           rule->id, one->event != NULL ? one->event->id : one->conversation_id,
                           one->event != NULL ? 0 : one->episode);
}

static void prepare(Verdict *verdict, const Settlement *settlement) {
    verdict->run = action_run_new(verdict->rule->actions, settlement->conversation_id, ACTOR_RULE,
                                  verdict->rule->id);
    verdict->run->reply_key = reply_key(settlement->one, verdict->rule);
    action_run_prepare(verdict->run, settlement->context, &verdict->problem);
}

static void foresee(const Rule *rule, RuleFacts *facts) {
    for (guint at = 0; at < rule->actions->actions->len; at++)
        rule_action_foresee(rule->actions->actions->pdata[at], facts);
}

// TRUE: no later rule is to be asked.
static gboolean judge(Settlement *settlement, const Rule *rule, RuleFacts *facts) {
    Verdict *verdict = g_new0(Verdict, 1);
    int place;
    gboolean holds = rule_conditions_hold(rule->conditions, facts, &place);
    verdict->rule = rule;
    verdict->detail = json_object();
    if (place >= 0) {
        json_object_set_new(verdict->detail, "decided_by",
                            json_string(rule_conditions_path(rule->conditions, place)));
        json_object_set_new(verdict->detail, "condition",
                            rule_conditions_explain(rule->conditions, facts, place));
    }
    g_ptr_array_add(settlement->verdicts, verdict);
    if (!holds)
        return FALSE;
    prepare(verdict, settlement);
    foresee(rule, facts);
    return rule->stops;
}

static gboolean is_asked(const RuleCase *one, const Rule *rule) {
    return one->event != NULL ? rule_is_set_off(rule, one->event) : rule == one->rule;
}

static void judge_all(Settlement *settlement, RuleFacts *facts) {
    const GPtrArray *rules = settlement->one->book->rules;
    for (guint at = 0; at < rules->len; at++)
        if (is_asked(settlement->one, rules->pdata[at]) &&
            judge(settlement, rules->pdata[at], facts))
            break;
}

static gboolean check_version(Db *db, const Settlement *settlement, GError **error) {
    gint64 version = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT version FROM conversation WHERE id = $1",
                      DB_VALUES(DB_ID(settlement->conversation_id)), &version, &found, error))
        return FALSE;
    if (version != settlement->version)
        error_set(error, ERROR_PRECONDITION, "case_stale", "the conversation has changed");
    return version == settlement->version;
}

// At most one automatic message of a rule to a customer a day (reliability.md E12).
static gboolean check_written(Db *db, const Settlement *settlement, Verdict *verdict,
                              GError **error) {
    gboolean has = FALSE;
    if (verdict->run->reply == NULL)
        return TRUE;
    if (!rule_run_has_written(db, verdict->rule->id, settlement->customer_id,
                              clock_now() - 24 * HOUR_MS, &has, error))
        return FALSE;
    if (has)
        verdict->run->withheld = "customer_written_today";
    return TRUE;
}

static gboolean log_run(Db *db, const Settlement *settlement, const Verdict *verdict,
                        const char *outcome, json_t *detail, GError **error) {
    const Event *event = settlement->one->event;
    gboolean has_written = verdict->run != NULL && verdict->run->message_id != 0;
    RuleRun run = {.rule_id = verdict->rule->id,
                   .rule_version = verdict->rule->version,
                   .conversation_id = settlement->conversation_id,
                   .customer_id = has_written ? settlement->customer_id : 0,
                   .event_id = event != NULL ? event->id : 0,
                   .outcome = outcome,
                   .detail = detail};
    gboolean good = rule_run_add(db, &run, error);
    json_decref(detail);
    return good;
}

static json_t *done_detail(const Verdict *verdict) {
    json_t *detail = json_copy(verdict->detail);
    const ActionRun *run = verdict->run;
    json_object_set(detail, "done", run->done);
    if (run->withheld != NULL)
        json_object_set_new(detail, "reply_withheld", json_string(run->withheld));
    if (run->message_id != 0)
        json_object_set_new(detail, "message_id", json_integer(run->message_id));
    return detail;
}

static gboolean log_failure(Db *db, const Settlement *settlement, Verdict *verdict,
                            const GError *problem, GError **error) {
    json_t *detail = json_copy(verdict->detail);
    verdict->run->message_id = 0;
    json_object_set_new(detail, "code", json_string(error_code(problem)));
    return log_run(db, settlement, verdict, "failed", detail, error);
}

// All of a rule's actions or none; a rule that fails spoils no other.
static gboolean act(Db *db, const Settlement *settlement, Verdict *verdict, GError **error) {
    g_autoptr(GError) problem = NULL;
    if (verdict->problem != NULL)
        return log_failure(db, settlement, verdict, verdict->problem, error);
    if (!check_written(db, settlement, verdict, error) || !db_savepoint(db, error))
        return FALSE;
    if (action_run_apply(db, verdict->run, &problem))
        return db_savepoint_release(db, error) &&
               log_run(db, settlement, verdict, "fired", done_detail(verdict), error);
    db_savepoint_undo(db);
    if (error_kind(problem) != ERROR_INTERNAL && error_kind(problem) != ERROR_UNAVAILABLE)
        return log_failure(db, settlement, verdict, problem, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

static gboolean settle_verdict(Db *db, const Settlement *settlement, Verdict *verdict,
                               GError **error) {
    gboolean is_limited = FALSE;
    if (verdict->run == NULL)
        return log_run(db, settlement, verdict, "not_matched", json_incref(verdict->detail), error);
    if (!rule_run_is_limited(db, verdict->rule->id, settlement->conversation_id,
                             clock_now() - HOUR_MS, LIMIT_AN_HOUR, &is_limited, error))
        return FALSE;
    return is_limited
               ? log_run(db, settlement, verdict, "limited", json_incref(verdict->detail), error)
               : act(db, settlement, verdict, error);
}

static gboolean set_mark(Db *db, const Settlement *settlement, GError **error) {
    const RuleCase *one = settlement->one;
    gboolean has_fired = FALSE;
    for (guint at = 0; at < settlement->verdicts->len; at++)
        has_fired |= ((const Verdict *)settlement->verdicts->pdata[at])->run != NULL;
    RuleMark mark = {.rule_id = one->rule->id,
                     .conversation_id = settlement->conversation_id,
                     .episode = one->episode,
                     .conversation_version = settlement->version,
                     .is_settled = has_fired};
    return rule_mark_set(db, &mark, error);
}

static gboolean settle_run(Db *db, gpointer data, GError **error) {
    Settlement *settlement = data;
    if (!check_version(db, settlement, error))
        return FALSE;
    for (guint at = 0; at < settlement->verdicts->len; at++)
        if (!settle_verdict(db, settlement, settlement->verdicts->pdata[at], error))
            return FALSE;
    if (settlement->one->event == NULL)
        return set_mark(db, settlement, error);
    return rule_cursor_write(db, settlement->cursor, error);
}

// *is_there FALSE: nothing to ask about any more.
static gboolean read_facts(Settlement *settlement, RuleFacts *facts, gboolean *is_there,
                           GError **error) {
    const RuleCase *one = settlement->one;
    Db *db = store_reader_take(settlement->context->store, error);
    if (db == NULL)
        return FALSE;
    gboolean good = rule_facts_load(
        db, one->conversation_id, one->event != NULL ? one->event->message_id : 0, one->book->needs,
        one->book->calendars, clock_now(), facts, is_there, error);
    store_reader_give(settlement->context->store, db);
    return good;
}

static gboolean try_once(Settlement *settlement, GError **error) {
    g_auto(RuleFacts) facts = {0};
    gboolean is_there = FALSE;
    g_ptr_array_set_size(settlement->verdicts, 0);
    if (!read_facts(settlement, &facts, &is_there, error))
        return FALSE;
    if (!is_there)
        return TRUE;
    settlement->conversation_id = facts.conversation_id;
    settlement->customer_id = facts.customer_id;
    settlement->version = facts.version;
    judge_all(settlement, &facts);
    return settlement->verdicts->len == 0 ||
           writer_run(store_writer(settlement->context->store), settle_run, settlement, error);
}

gboolean rule_case_settle(const RuleCase *one, const ReplyContext *context, gint64 cursor,
                          GError **error) {
    Settlement settlement = {.one = one, .context = context, .cursor = cursor};
    GError *problem = NULL;
    gboolean done = FALSE;
    settlement.verdicts = g_ptr_array_new_with_free_func(verdict_free);
    for (int try = 0; try < TRIES && !done; try++) {
        g_clear_error(&problem);
        done = try_once(&settlement, &problem);
        if (!done && error_kind(problem) != ERROR_PRECONDITION)
            break;
    }
    g_ptr_array_unref(settlement.verdicts);
    if (!done && error_kind(problem) == ERROR_PRECONDITION)
        error_set(error, ERROR_UNAVAILABLE, "case_stale", "the conversation keeps changing");
    else if (!done)
        g_propagate_error(error, g_steal_pointer(&problem));
    g_clear_error(&problem);
    return done;
}
