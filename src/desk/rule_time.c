#include "desk/rule_time.h"

#define LOOKED_AT 1000
#define MINUTE_MS 60000

// $1: no later than that; $2, $3: the sweep; $4: the rule. since: when the time began; order: what
// the index is sorted by, never later than since... or earlier, then since is compared again.
#define PIECE(since, order, where)                                                                 \
    "SELECT c.id, " since ", " order ", c.version, m.episode, m.conversation_version,"             \
    " m.is_settled FROM conversation c LEFT JOIN rule_mark m ON m.rule_id = $4"                    \
    " AND m.conversation_id = c.id WHERE " where " AND c.merged_into IS NULL AND " order           \
    " <= $1 AND (" order ", c.id) > ($2, $3) ORDER BY " order ", c.id LIMIT 1000"

#define STATUS_SINCE                                                                               \
    "coalesce((SELECT max(e.occurred_at) FROM event e WHERE e.conversation_id = c.id"              \
    " AND e.type = 'status_changed'), c.created_at)"

static const char *const pieces[RULE_TIMES] = {
    [RULE_TIME_WAITING] =
        PIECE("c.waiting_since", "c.waiting_since", "c.waiting_since IS NOT NULL"),
    [RULE_TIME_UNANSWERED] =
        PIECE("c.last_message_at", "c.waiting_since", "c.waiting_since IS NOT NULL"),
    [RULE_TIME_PENDING] = PIECE(STATUS_SINCE, "c.last_message_at", "c.status = 'pending'"),
    [RULE_TIME_SNOOZED] = PIECE(STATUS_SINCE, "c.last_message_at", "c.status = 'snoozed'"),
    [RULE_TIME_IDLE] = PIECE("c.last_message_at", "c.last_message_at", "c.status = 'open'"),
};

// Asked once about each state of the conversation within the episode, and no more once it acted.
static gboolean is_open_question(DbRows *rows, Instant since) {
    if (db_rows_is_null(rows, 4) || db_rows_instant(rows, 4) != since)
        return TRUE;
    return db_rows_int(rows, 6) == 0 && db_rows_int(rows, 5) != db_rows_int(rows, 3);
}

static gboolean read_piece(DbRows *rows, Instant limit, RuleSweep *sweep, GArray *due,
                           GError **error) {
    GError *failure = NULL;
    int count = 0;
    for (; db_rows_next(rows, &failure); count++) {
        Instant since = db_rows_instant(rows, 1);
        RuleDue one = {db_rows_id(rows, 0), since};
        *sweep = (RuleSweep){db_rows_int(rows, 2), one.conversation_id};
        if (since <= limit && is_open_question(rows, since))
            g_array_append_val(due, one);
    }
    if (count < LOOKED_AT)
        *sweep = (RuleSweep){0};
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

GArray *rule_time_list(Db *db, const Rule *rule, Instant now, RuleSweep *sweep, GError **error) {
    Instant limit = now - rule->trigger.minutes * MINUTE_MS;
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(RuleDue));
    g_autoptr(DbRows) rows = db_query(
        db, pieces[rule->trigger.time],
        DB_VALUES(DB_INSTANT(limit), DB_INT(sweep->key), DB_INT(sweep->id), DB_ID(rule->id)),
        error);
    return rows != NULL && read_piece(rows, limit, sweep, due, error) ? g_steal_pointer(&due)
                                                                      : NULL;
}
