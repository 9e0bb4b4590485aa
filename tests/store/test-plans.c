// The plans of the queries that must stay quick on a large inbox: each walks an index and none
// reads a whole table or sorts one.
#include <string.h>

#include "tests/store/fixture.h"

typedef struct {
    const char *name;
    const char *sql;
    gboolean may_sort; // few rows are left by then
} Plan;

#define MATCH                                                                                      \
    " FROM search CROSS JOIN search_entry e ON e.number = search.rowid WHERE search MATCH $1"

static const Plan plans[] = {
    {"assignment_waiting",
     "SELECT c.id FROM conversation c WHERE c.team_id = $1 AND c.status = 'open'"
     " AND c.assignee_id IS NULL AND c.waiting_since IS NOT NULL AND c.merged_into IS NULL"
     " ORDER BY c.waiting_since, c.id LIMIT 50",
     FALSE},
    {"assignment_stranded",
     "SELECT c.id FROM conversation c LEFT JOIN team t ON t.id = c.team_id"
     " WHERE c.assignee_id = $1 AND c.status = 'open' AND c.waiting_since IS NOT NULL"
     " AND c.merged_into IS NULL AND ($2 = 9223372036854775807"
     " OR t.reassign_after_minutes * 60000 <= $2) ORDER BY c.waiting_since LIMIT $3",
     FALSE},
    {"assignment_load",
     "SELECT count(*) FROM conversation o WHERE o.assignee_id = $1 AND o.status = 'open'"
     " AND o.merged_into IS NULL",
     FALSE},
    {"assignment_members", "SELECT agent_id FROM agent_team WHERE team_id = $1 ORDER BY agent_id",
     FALSE},
    {"sla_to_warn",
     "SELECT subject_id FROM sla_due WHERE warned_event_id IS NULL AND ended_at IS NULL"
     " AND warn_at <= $1 ORDER BY warn_at LIMIT 100",
     FALSE},
    {"sla_to_breach",
     "SELECT subject_id FROM sla_due WHERE breached_event_id IS NULL AND breach_at <= $1"
     " ORDER BY breach_at LIMIT 100",
     FALSE},
    {"sla_of_conversation",
     "SELECT target FROM sla_due WHERE conversation_id = $1 AND ended_at IS NULL"
     " AND due_at IS NOT NULL ORDER BY due_at, target LIMIT 1",
     TRUE},
    {"search_ranked",
     "SELECT e.number, e.message_id, e.occurred_at, search_rank(search, e.words, e.occurred_at, "
     "$2)" MATCH " AND search.rowid <= $3 ORDER BY search.rowid DESC LIMIT 20000",
     FALSE},
    {"search_conversation",
     "SELECT c.id FROM message m JOIN conversation a ON a.id = m.conversation_id JOIN conversation"
     " c ON c.id = coalesce(a.merged_into, a.id) WHERE m.id = $1 AND $2 IS NULL"
     " AND m.removed_at IS NULL AND EXISTS (SELECT 1 FROM conversation_tag x"
     " WHERE x.conversation_id = c.id AND x.tag_id = $3)",
     FALSE},
    {"search_listed",
     "SELECT c.id, c.last_message_at FROM conversation c WHERE c.merged_into IS NULL"
     " AND (c.last_message_at, c.id) < ($1, $2) AND c.last_message_at >= 0 AND (c.status = $3)"
     " ORDER BY c.last_message_at DESC, c.id DESC",
     FALSE},
    {"search_entry_of_message", "DELETE FROM search_entry WHERE message_id = $1 AND number < 5",
     FALSE},
    {"timeline",
     "SELECT id FROM message WHERE conversation_id = $1 ORDER BY occurred_at DESC, id DESC LIMIT 5",
     FALSE},
    {"intake_known", "SELECT id FROM intake WHERE channel_id = $1 AND delivery_key = $2", FALSE},
    {"identity_known", "SELECT id FROM identity WHERE kind = $1 AND scope = $2 AND address = $3",
     FALSE},
    {"message_known", "SELECT id FROM message WHERE message_key = $1", FALSE},
    {"outbox_due",
     "SELECT id FROM outbox WHERE state IN ('queued', 'retry') AND not_before <= $1"
     " ORDER BY not_before, id LIMIT 10",
     FALSE},
    {"events_after", "SELECT seq FROM event WHERE seq > $1 ORDER BY seq LIMIT 100", FALSE},
    {"events_of_conversation",
     "SELECT id FROM event WHERE conversation_id = $1 ORDER BY occurred_at, id", FALSE},
    {"session_by_secret",
     "SELECT session.id FROM session JOIN agent ON agent.id = session.agent_id WHERE session.hash ="
     " $1 AND session.ended_at IS NULL AND session.ends_at > $2",
     FALSE},
    {"sessions_of_agent", "SELECT id FROM session WHERE agent_id = $1 ORDER BY id DESC LIMIT 200",
     FALSE},
    {"audit_listed", "SELECT id FROM audit WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 50",
     FALSE},
    {"audit_by_action",
     "SELECT id FROM audit WHERE id >= $1 AND id < $2 AND action = $3 ORDER BY id DESC LIMIT 50",
     FALSE},
    {"audit_by_actor",
     "SELECT id FROM audit WHERE id >= $1 AND id < $2 AND actor_id = $3 ORDER BY id DESC LIMIT 50",
     FALSE},
    {"system_mail_due",
     "SELECT id FROM system_mail WHERE state = 'queued' AND not_before <= $1 ORDER BY not_before"
     " LIMIT 1",
     FALSE},
    {"blob_by_name", "SELECT size FROM blob WHERE sha256 = $1", FALSE},
};

static gboolean is_bad(const Plan *plan, const char *step) {
    gboolean scans = g_str_has_prefix(step, "SCAN ") && strstr(step, " USING ") == NULL &&
                     strstr(step, "VIRTUAL TABLE") == NULL;
    return scans || (!plan->may_sort && strstr(step, "TEMP B-TREE") != NULL);
}

static void walks_an_index(Fixture *fixture, gconstpointer data) {
    const Plan *plan = data;
    g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", plan->sql, NULL);
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(fixture->store, NULL);
    DbRows *rows = db_query(db, sql, DB_VALUES(DB_NULL, DB_NULL, DB_NULL), &error);
    g_assert_no_error(error);
    while (db_rows_next(rows, &error)) {
        g_test_message("%s", db_rows_text(rows, 3));
        g_assert_false(is_bad(plan, db_rows_text(rows, 3)));
    }
    g_assert_no_error(error);
    db_rows_free(rows);
    store_reader_give(fixture->store, db);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
        g_autofree char *path = g_strconcat("/plans/walks_an_index/", plans[i].name, NULL);
        g_test_add(path, Fixture, &plans[i], fixture_set_up, walks_an_index, fixture_tear_down);
    }
    return g_test_run();
}
