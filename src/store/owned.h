// Whose canned replies and macros are: an agent's, a team's or everybody's, and who may use them.
// Used by store/canned, store/macro and the lists of api.
#pragma once

#include "store/visibility.h"

// Who looks: their own, their teams' and everybody's; those who share see what every team has.
typedef struct {
    Id agent_id; // 0: the local administrator
    gboolean sees_teams;
} OwnedViewer;

// A condition over the table's agent_id and team_id; me and teams are placeholders of the viewer's
// two members.
#define OWNED_OR_SHARED(table, me, teams)                                                          \
    "((" table ".agent_id IS NULL AND " table ".team_id IS NULL) OR " table ".agent_id = " me      \
    " OR (" teams " = 1 AND " table ".agent_id IS NULL AND " VISIBLE_TEAM(                         \
        table ".team_id", me) ") OR " table ".team_id IN (SELECT team_id"                          \
                              " FROM agent_team WHERE agent_id = " me "))"
