// The rows of the permission walk and what stands for each path parameter. A new kind of path
// parameter needs a row in parameters[]. Used by test-permission-walk.c alone.
#pragma once

#include <glib.h>

#define MARK "hiddenmark"

// Rows in pairs: the first of each is seen, the second hidden from agent 11. Conversation 3 and
// its message are hidden by a private team, the others by a restricted channel. Conversation 4 is
// hidden, but of a customer who is seen; channel 103 is the only one of its kind, and hidden.
static const char *const rows[] = {
    "INSERT INTO role (id, name, permissions, created_at) VALUES (1, 'reader', 'conversation_read',"
    " 0)",
    "INSERT INTO agent (id, email, name, role, created_at) VALUES (11, 'a@x.example', 'Agent',"
    " 'agent', 0), (12, 's@x.example', 'Supervisor', 'supervisor', 0), (13, 'd@x.example', 'Admin',"
    " 'administrator', 0), (14, 'r@x.example', 'Reader', 'reader', 0), (15, 'h@x.example', 'Human',"
    " 'agent', 0)",
    "INSERT INTO team (id, name, created_at, is_private) VALUES (1, 'open', 0, 0), (2,"
    " '" MARK " team', 0, 1)",
    "INSERT INTO agent_team (agent_id, team_id) VALUES (11, 1), (15, 2)",
    "INSERT INTO channel (id, kind, name, address, key, settings, waits_from, created_at,"
    " is_restricted) VALUES (101, 'generic', 'support', '', 'k1', '{}', 0, 0, 0), (102, 'generic',"
    " '" MARK " channel', '', 'k2', '{}', 0, 0, 1), (103, 'phone', '" MARK " phone', '', 'k3',"
    " '{}', 0, 0, 1)",
    "INSERT INTO channel_team (channel_id, team_id) VALUES (102, 2), (103, 2)",
    "INSERT INTO token (id, agent_id, name, hash, created_at) VALUES (2, 13, 'admin', 'x', 0)",
    "INSERT INTO customer (id, root_id, name, created_at) VALUES (51, 51, 'Seen', 0), (52, 52,"
    " '" MARK " customer', 0), (53, 53, '" MARK " third', 0), (54, 54, 'New', 0)",
    "INSERT INTO identity (id, customer_id, kind, address, created_at) VALUES (71, 51, 'generic',"
    " 'seen', 0), (72, 52, 'generic', '" MARK "-address', 0)",
    "INSERT INTO conversation (id, channel_id, customer_id, identity_id, subject, preview, status,"
    " team_id, created_at, last_message_at, waiting_since, message_count) VALUES"
    " (1, 101, 51, 71, 'seen', 'seen', 'open', 1, 1, 1, 1, 1),"
    " (2, 102, 52, 72, '" MARK "', '" MARK "', 'open', NULL, 1, 1, 1, 1),"
    " (3, 101, 53, NULL, '" MARK "', '" MARK "', 'open', 2, 1, 1, 1, 1),"
    " (4, 102, 51, 71, '" MARK "', '" MARK "', 'open', NULL, 1, 1, 1, 1)",
    "UPDATE conversation SET number = id",
    "INSERT INTO message (id, conversation_id, channel_id, identity_id, direction, author, class,"
    " subject, text, state, occurred_at, received_at, recorded_at) VALUES"
    " (21, 1, 101, 71, 'in', 'customer', 'ordinary', 'seen', 'seen', 'received', 1, 1, 1),"
    " (22, 2, 102, 72, 'in', 'customer', 'ordinary', '" MARK "', '" MARK "', 'received', 1, 1, 1),"
    " (23, 3, 101, 71, 'in', 'customer', 'ordinary', '" MARK "', '" MARK "', 'received', 1, 1, 1),"
    " (24, 4, 102, 71, 'in', 'customer', 'ordinary', '" MARK "', '" MARK "', 'received', 1, 1, 1)",
    "INSERT INTO attachment (id, message_id, position, name, type, size, state) VALUES (31, 21, 0,"
    " 'seen', 'text/plain', 1, 'pending'), (32, 22, 0, '" MARK "', 'text/plain', 1, 'pending')",
    "INSERT INTO bulk_job (id, agent_id, view, query, change, state, until_id, total, created_at)"
    " VALUES (91, 11, '', '', '{}', 'done', 0, 0, 0), (92, 12, '', '" MARK "', '{}', 'done', 0, 0,"
    " 0)",
    "INSERT INTO view (id, scope, owner_id, team_id, name, query, sort, created_at) VALUES"
    " (81, 'own', 11, NULL, 'mine', 'is:open', 'newest', 0), (82, 'own', 12, NULL, '" MARK "', '',"
    " 'newest', 0), (83, 'team', 12, 2, '" MARK "', '', 'newest', 0)",
    "INSERT INTO wait (id, conversation_id, episode_id, channel_id, kind, is_first_ever, state,"
    " started_at, snoozed_ms, fetch_lag_ms, message_count, last_received_at, last_event_id,"
    " priority_at_start, rule_version) VALUES"
    " (41, 1, 1, 101, 'first', 1, 'open', 1, 0, 0, 1, 1, 1, 0, 1),"
    " (42, 2, 2, 102, 'first', 1, 'open', 1, 0, 0, 1, 1, 2, 0, 1)",
    "INSERT INTO intake (id, channel_id, source, delivery_key, state, reason, received_at) VALUES"
    " (61, 101, 'webhook', 'a', 'quarantined', 'seen', 1), (62, 102, 'webhook', 'b', 'quarantined',"
    " '" MARK "', 1)",
    "INSERT INTO macro (id, team_id, name, actions, created_at) VALUES (95, NULL, 'seen', '[]', 0),"
    " (96, 2, '" MARK "', '[]', 0)",
    "INSERT INTO rule (id, name, position, trigger_on, conditions, actions, created_at) VALUES"
    " (97, 'seen', 1, '{}', '{}', '[]', 0)",
    "INSERT INTO rule_run (id, rule_id, rule_version, conversation_id, outcome, detail, "
    "recorded_at)"
    " VALUES (98, 97, 1, 2, 'fired', '{\"mark\": \"" MARK "\"}', 0)",
    "INSERT INTO canned_folder (id, name, created_at) VALUES (81, 'seen', 0)",
    "INSERT INTO canned (id, team_id, name, created_at) VALUES (91, NULL, 'seen', 0),"
    " (92, 2, '" MARK "', 0)",
    "INSERT INTO canned_text (canned_id, position, text) VALUES (91, 0, 'seen'),"
    " (92, 0, '" MARK "')",
    "INSERT INTO canned_word (word, canned_id) VALUES ('seen', 91), ('" MARK "', 92)",
    "INSERT INTO event (seq, id, conversation_id, channel_id, type, actor, message_id, occurred_at,"
    " recorded_at, data) VALUES (1, 1, 1, 101, 'message_received', 'customer', 21, 1, 1, '{}'),"
    " (2, 2, 2, 102, 'message_received', 'customer', 22, 1, 1, '{\"mark\": \"" MARK "\"}')",
    NULL,
};

// Path parameters of things that are hidden from nobody: "1" stands for them.
static const char *const plain[] = {"role",      "calendar", "token",    "session", "provider",
                                    "policy",    "webhook",  "delivery", "field",   "upload",
                                    "link",      "tag",      "note",     "company", "erasure",
                                    "retention", "rest",     "file"};

// What stands for a path parameter: what is seen, and what is hidden from agent 11, if anything.
static const struct {
    const char *name;
    const char *seen;
    const char *hidden[3];
} parameters[] = {
    {"conversation", "1", {"2", "3", NULL}},
    {"number", "1", {"2", "3", NULL}},
    {"message", "21", {"22", "23", NULL}},
    {"attachment", "31", {"32", NULL}},
    {"wait", "41", {"42", NULL}},
    {"customer", "51", {"52", "53", NULL}},
    {"channel", "101", {"102", NULL}},
    {"team", "1", {"2", NULL}},
    {"intake", "61", {"62", NULL}},
    {"agent", "15", {NULL}},
    {"bulk", "91", {"92", NULL}},
    {"view", "81", {"82", "83", NULL}},
    {"kind", "generic", {NULL}},
    {"key", "k1", {NULL}},
    {"macro", "95", {"96", NULL}},
    {"rule", "97", {NULL}},
    {"canned", "91", {"92", NULL}},
    {"folder", "81", {NULL}},
    {"identity", "71", {NULL}},
};
