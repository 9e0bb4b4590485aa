#include "store/rule.h"

gboolean rule_run_add(Db *db, const RuleRun *run, GError **error) {
    g_autofree char *detail = json_dumps(run->detail, JSON_COMPACT);
    return db_run(db,
                  "INSERT INTO rule_run (id, rule_id, rule_version, conversation_id, customer_id,"
                  " event_id, outcome, detail, recorded_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_VALUES(DB_ID(id_next()), DB_ID(run->rule_id), DB_INT(run->rule_version),
                            DB_ID(run->conversation_id), DB_ID(run->customer_id),
                            DB_ID(run->event_id), DB_TEXT(run->outcome), DB_TEXT(detail),
                            DB_INSTANT(clock_now())),
                  error);
}

gboolean rule_run_has_written(Db *db, Id rule_id, Id customer_id, Instant since, gboolean *has,
                              GError **error) {
    gint64 one;
    return db_query_int(db,
                        "SELECT 1 FROM rule_run WHERE rule_id = $1 AND customer_id = $2"
                        " AND id >= $3 LIMIT 1",
                        DB_VALUES(DB_ID(rule_id), DB_ID(customer_id), DB_INT(id_first(since))),
                        &one, has, error);
}

gboolean rule_run_is_limited(Db *db, Id rule_id, Id conversation_id, Instant since, gint64 limit,
                             gboolean *is, GError **error) {
    gint64 count = 0;
    gboolean found;
    gboolean good =
        db_query_int(db,
                     "SELECT count(*) FROM rule_run WHERE outcome = 'fired'"
                     " AND rule_id = $1 AND conversation_id = $2 AND id >= $3",
                     DB_VALUES(DB_ID(rule_id), DB_ID(conversation_id), DB_INT(id_first(since))),
                     &count, &found, error);
    *is = count >= limit;
    return good;
}

// Ids are in the order of time.
gboolean rule_run_prune(Db *db, Instant before, gint64 limit, GError **error) {
    return db_run(db,
                  "DELETE FROM rule_run WHERE id IN (SELECT id FROM rule_run WHERE id < $1"
                  " ORDER BY id LIMIT $2)",
                  DB_VALUES(DB_INT(id_first(before)), DB_INT(limit)), error);
}

gboolean rule_mark_set(Db *db, const RuleMark *mark, GError **error) {
    return db_run(db,
                  "INSERT INTO rule_mark (rule_id, conversation_id, episode, conversation_version,"
                  " is_settled) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (rule_id,"
                  " conversation_id) DO UPDATE SET episode = $3, conversation_version = $4,"
                  " is_settled = $5",
                  DB_VALUES(DB_ID(mark->rule_id), DB_ID(mark->conversation_id),
                            DB_INSTANT(mark->episode), DB_INT(mark->conversation_version),
                            DB_INT(mark->is_settled)),
                  error);
}
