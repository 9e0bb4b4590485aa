#include "store/rule.h"

#include "base/error.h"

#define SELECT                                                                                     \
    "SELECT id, name, position, is_active, trigger_on, conditions, actions, stops, active_since,"  \
    " created_at, version FROM rule "

void rule_row_free(RuleRow *row) {
    if (row == NULL)
        return;
    g_free(row->name);
    g_free(row->trigger_on);
    g_free(row->conditions);
    g_free(row->actions);
    g_free(row);
}

static RuleRow *read_row(DbRows *rows) {
    RuleRow *row = g_new(RuleRow, 1);
    *row = (RuleRow){.id = db_rows_id(rows, 0),
                     .name = g_strdup(db_rows_text(rows, 1)),
                     .position = db_rows_int(rows, 2),
                     .is_active = db_rows_int(rows, 3) != 0,
                     .trigger_on = g_strdup(db_rows_text(rows, 4)),
                     .conditions = g_strdup(db_rows_text(rows, 5)),
                     .actions = g_strdup(db_rows_text(rows, 6)),
                     .stops = db_rows_int(rows, 7) != 0,
                     .active_since = db_rows_instant(rows, 8),
                     .created_at = db_rows_instant(rows, 9),
                     .version = db_rows_int(rows, 10)};
    return row;
}

GPtrArray *rule_row_list(Db *db, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)rule_row_free);
    g_autoptr(DbRows) rows =
        db_query(db, SELECT "ORDER BY position, id LIMIT 500", DB_NO_VALUES, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, read_row(rows));
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

RuleRow *rule_row_get(Db *db, Id id, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &failure))
        return read_row(rows);
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "rule_unknown", "there is no such rule");
    g_propagate_error(error, failure);
    return NULL;
}

static gboolean check_count(Db *db, GError **error) {
    gint64 count = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT count(*) FROM rule", DB_NO_VALUES, &count, &found, error))
        return FALSE;
    if (count >= RULES_MAX)
        error_set(error, ERROR_LIMIT, "rules_too_many",
                  "there are %d rules already: remove one that is not needed", RULES_MAX);
    return count < RULES_MAX;
}

gboolean rule_row_add(Db *db, RuleRow *row, GError **error) {
    GError *problem = NULL;
    if (!check_count(db, error))
        return FALSE;
    gboolean done = db_run(
        db,
        "INSERT INTO rule (id, name, position, is_active, trigger_on, conditions, actions, stops,"
        " active_since, created_at) VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM"
        " rule), $3, $4, $5, $6, $7, $8, $9)",
        DB_VALUES(DB_ID(row->id), DB_TEXT(row->name), DB_INT(row->is_active),
                  DB_TEXT(row->trigger_on), DB_TEXT(row->conditions), DB_TEXT(row->actions),
                  DB_INT(row->stops), row->is_active ? DB_INSTANT(row->created_at) : DB_NULL,
                  DB_INSTANT(row->created_at)),
        &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "rule_exists",
                               "a rule of this name exists", error);
}

gboolean rule_row_change(Db *db, const RuleRow *row, Instant now, GError **error) {
    GError *problem = NULL;
    gboolean done =
        db_run(db,
               "UPDATE rule SET name = $2, active_since = CASE WHEN $3 = 1 AND is_active = 0"
               " THEN $8 ELSE active_since END, is_active = $3, trigger_on = $4, conditions = $5,"
               " actions = $6, stops = $7, version = version + 1 WHERE id = $1",
               DB_VALUES(DB_ID(row->id), DB_TEXT(row->name), DB_INT(row->is_active),
                         DB_TEXT(row->trigger_on), DB_TEXT(row->conditions), DB_TEXT(row->actions),
                         DB_INT(row->stops), DB_INSTANT(now)),
               &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "rule_exists",
                               "a rule of this name exists", error) &&
           db_run(db, "DELETE FROM rule_mark WHERE rule_id = $1 AND is_settled = 0",
                  DB_VALUES(DB_ID(row->id)), error);
}

// Its runs go with time.
gboolean rule_row_remove(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM rule_mark WHERE rule_id = $1", DB_VALUES(DB_ID(id)), error) &&
           db_run(db, "DELETE FROM rule WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean rule_row_order(Db *db, const Id *ids, gsize count, GError **error) {
    gint64 all = 0, changed = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT count(*) FROM rule", DB_NO_VALUES, &all, &found, error))
        return FALSE;
    for (gsize at = 0; at < count; at++) {
        gint64 one = 0;
        if (!db_run_counted(db,
                            "UPDATE rule SET position = $2, version = version + 1 WHERE id = $1",
                            DB_VALUES(DB_ID(ids[at]), DB_INT((gint64)at + 1)), &one, error))
            return FALSE;
        changed += one;
    }
    if ((gint64)count == all && changed == all)
        return TRUE;
    error_set(error, ERROR_INVALID, "rules_incomplete", "rules must be all rules, each once");
    return FALSE;
}

gboolean rule_row_state(Db *db, gint64 *state, GError **error) {
    gboolean found;
    return db_query_int(db,
                        "SELECT coalesce(sum(version), 0) * 1000 + count(*) + coalesce(max(id), 0)"
                        " % 1000000007 FROM rule",
                        DB_NO_VALUES, state, &found, error);
}
