// What an agent may see. Restricted channels and private teams are hidden from whom they are not
// for; a conversation is visible when one of its channels is and its team is. Every query that
// leads to conversations, messages, attachments, waits or customers bears one of these conditions
// (reliability.md T01, T05). agent_id 0, the local administrator, sees all.
#pragma once

#include "store/db.h"

// SQL conditions about the row of this alias, for the agent in this placeholder ("$3").
#define VISIBLE_CHANNEL(channel_id, agent)                                                         \
    "NOT EXISTS (SELECT 1 FROM hidden_channel WHERE hidden_channel.agent_id = " agent              \
    " AND hidden_channel.channel_id = " channel_id ")"

#define VISIBLE_TEAM(team_id, agent)                                                               \
    "NOT EXISTS (SELECT 1 FROM hidden_team WHERE hidden_team.agent_id = " agent                    \
    " AND hidden_team.team_id = " team_id ")"

#define VISIBLE_CONVERSATION(alias, agent)                                                         \
    "((" VISIBLE_CHANNEL(                                                                          \
        alias ".channel_id",                                                                       \
        agent) " OR EXISTS (SELECT 1 FROM "                                                        \
               "conversation_channel AS reached WHERE reached.conversation_id = " alias            \
               ".id AND " VISIBLE_CHANNEL("reached.channel_id", agent) ")) AND " VISIBLE_TEAM(     \
                   alias ".team_id", agent) ")"

// A customer (a root) shows when nothing is hidden from the agent, when it has no conversation, or
// when one of them shows.
#define VISIBLE_CUSTOMER(alias, agent)                                                             \
    "((NOT EXISTS (SELECT 1 FROM hidden_channel WHERE agent_id = " agent ") AND NOT EXISTS "       \
    "(SELECT 1 FROM hidden_team WHERE agent_id = " agent ")) OR NOT EXISTS (SELECT 1 FROM "        \
    "customer AS kin JOIN conversation AS theirs ON theirs.customer_id = kin.id WHERE "            \
    "kin.root_id = " alias ".id) OR EXISTS (SELECT 1 FROM customer AS kin JOIN conversation AS "   \
    "theirs ON theirs.customer_id = kin.id WHERE kin.root_id = " alias                             \
    ".id AND " VISIBLE_CONVERSATION("theirs", agent) "))"

// The kinds of rows that can be hidden.
typedef enum {
    VISIBILITY_CONVERSATION, // merges followed
    VISIBILITY_MESSAGE,
    VISIBILITY_ATTACHMENT,
    VISIBILITY_WAIT,
    VISIBILITY_CUSTOMER, // merges followed
    VISIBILITY_CHANNEL,
    VISIBILITY_TEAM,
    VISIBILITY_INTAKE,
    VISIBILITY_OBJECTS,
} VisibilityObject;

// FALSE with an error (not found: "conversation_unknown" ...) when the row is hidden from the
// agent, or does not exist: nobody can tell which.
gboolean visibility_check(Db *db, Id agent_id, VisibilityObject object, Id id, GError **error);

// Makes the projections hidden_channel and hidden_team anew. Writer jobs, after any change of
// roles, agents, teams' members, restricted channels or private teams.
gboolean visibility_refresh(Db *db, GError **error);
