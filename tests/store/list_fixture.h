// A store with 400 conversations that differ in everything that lists ask for. All inline, so that
// including it is enough.
#pragma once

#include "tests/store/fixture.h"

#define COUNT 400
#define HOUR G_GINT64_CONSTANT(3600000)
#define NOW (10000 * HOUR)
#define ME 11

static const char *const population[] = {
    "INSERT INTO agent (id, email, name, role, created_at) VALUES"
    " (11, 'anna@example.org', 'Anna', 'agent', 0), (12, 'bo@example.org', 'Bo', 'agent', 0)",
    "INSERT INTO team (id, name, created_at) VALUES (21, 'Billing', 0), (22, 'Tech', 0)",
    "INSERT INTO agent_team (agent_id, team_id) VALUES (11, 21)",
    "INSERT INTO tag (id, name) VALUES (31, 'VIP'), (32, 'late'), (33, 'odd \"one\"')",
    "INSERT INTO customer (id, root_id, language, created_at) VALUES (2, 2, 'fi', 0),"
    " (3, 2, 'sv', 0)",
    "INSERT INTO identity (id, customer_id, kind, address, created_at) VALUES"
    " (42, 2, 'email', 'aino@example.org', 0)",
    NULL};

static const char *const together[] = {
    "INSERT INTO draft (id, conversation_id, owner_id, agent_id, mode, content, rev, updated_at, "
    "told_at)"
    " VALUES (1, 1001, 11, 11, 'reply', '{}', 1, 1, 1), (2, 1002, 12, 12, 'reply', '{}', 1, 1, 1),"
    " (3, 1003, 0, 12, 'reply', '{}', 1, 1, 1)",
    "INSERT INTO conversation_read (agent_id, conversation_id, read_id, mentioned_id) VALUES"
    " (11, 1004, 11, 90), (11, 1005, 99, 90), (12, 1006, 12, 90) ON CONFLICT (agent_id,"
    " conversation_id) DO UPDATE SET read_id = excluded.read_id, mentioned_id ="
    " excluded.mentioned_id",
    "INSERT INTO follower (conversation_id, agent_id, is_following) VALUES (1008, 11, 1),"
    " (1009, 11, 0), (1010, 12, 1)",
    "INSERT INTO participant (conversation_id, address, is_removed, decided_at) VALUES"
    " (1011, 'lawyer@example.org', 0, 1), (1012, 'lawyer@example.org', 1, 1)",
    "INSERT INTO field (id, object, key, label, kind, created_at) VALUES"
    " (71, 'conversation', 'order', 'Order', 'text', 1)",
    "INSERT INTO conversation_field (conversation_id, field_id, value) VALUES (1013, 71, 'A=1'),"
    " (1014, 71, 'B')",
    NULL};

// Everything about a conversation follows from its number, each member at its own pace.
static const char conversations[] =
    "INSERT INTO conversation (id, channel_id, customer_id, status, assignee_id, team_id, priority,"
    " created_at, last_message_at, waiting_since, number, last_inbound_id)"
    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
    " SELECT 1000 + i, 1 + (i % 3 = 0), 1 + i % 3,"
    " CASE i % 5 WHEN 0 THEN 'pending' WHEN 1 THEN 'resolved' WHEN 2 THEN 'snoozed' ELSE 'open'"
    " END, CASE i % 4 WHEN 0 THEN 11 WHEN 1 THEN 12 END, CASE i % 7 WHEN 0 THEN 21 WHEN 1 THEN 22"
    " END, (i * 7) % 4 - 1, (i * 37 % 401) * 3600000, 5000 * 3600000 + (i * 53 % 401) * 3600000,"
    " CASE WHEN i % 6 = 0 THEN 9800 * 3600000 + (i * 91 % 199) * 3600000 END, i, i % 20 FROM n";

static inline void list_fixture_fill(Fixture *fixture, gconstpointer data) {
    fixture_set_up(fixture, data);
    fixture_channel_add(fixture, 2, "telegram", "Bot");
    for (gsize at = 0; population[at] != NULL; at++)
        fixture_run(fixture, population[at], DB_NO_VALUES);
    fixture_run(fixture, conversations, DB_VALUES(DB_INT(COUNT)));
    fixture_run(fixture,
                "INSERT INTO conversation_tag (conversation_id, tag_id) SELECT id, 31 + id % 3 FROM"
                " conversation WHERE id % 2 = 0",
                DB_NO_VALUES);
    fixture_run(fixture,
                "INSERT INTO conversation_channel (conversation_id, channel_id) SELECT id, 2 FROM"
                " conversation WHERE id % 11 = 0 AND channel_id = 1",
                DB_NO_VALUES);
    fixture_run(fixture,
                "INSERT INTO conversation_read (agent_id, conversation_id, read_id) SELECT 11, id,"
                " 15 FROM conversation WHERE id % 3 = 0",
                DB_NO_VALUES);
    fixture_run(fixture, "INSERT INTO hidden_channel (agent_id, channel_id) VALUES (12, 2)",
                DB_NO_VALUES);
    fixture_run(fixture,
                "UPDATE conversation SET sla_due_at = (9900 + number * 61 % 199) * 3600000,"
                " sla_warn_at = (9880 + number * 61 % 199) * 3600000 WHERE number % 8 = 0",
                DB_NO_VALUES);
    for (gsize at = 0; together[at] != NULL; at++)
        fixture_run(fixture, together[at], DB_NO_VALUES);
    fixture_message_add(fixture, 5001, 1007, 1);
    fixture_run(fixture, "UPDATE message SET direction = 'note' WHERE id = 5001", DB_NO_VALUES);
}
