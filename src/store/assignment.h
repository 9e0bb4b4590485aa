// What assignment needs from the store: a team's settings, its members as candidates, and the
// conversations that wait for somebody. Used by desk/assignment within writer jobs, and by the API
// for the settings.
#pragma once

#include "model/assignment.h"
#include "store/calendar.h"
#include "store/db.h"

#define REASSIGN_NEVER (-1)

typedef struct {
    Id team_id;
    AssignmentMode mode;
    Id last;                       // who got the last conversation; 0: nobody yet
    gint64 reassign_after_minutes; // of absence; or REASSIGN_NEVER
} TeamAssignment;

// not_found: team_unknown.
gboolean team_assignment_get(Db *db, Id team_id, TeamAssignment *team, GError **error);

// Mode and reassign_after_minutes.
gboolean team_assignment_set(Db *db, const TeamAssignment *team, GError **error);
gboolean team_assignment_set_last(Db *db, Id team_id, Id agent_id, GError **error);

// The ids of the teams that give conversations out by themselves, of Id.
GArray *team_assignment_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The team's members, of AssignmentCandidate, for this conversation (0: any), as they stand now.
GArray *assignment_list_candidates(Db *db, const TeamAssignment *team, Id conversation_id,
                                   CalendarShelf *calendars, Instant now,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The conversations (of Id) of the team that wait with nobody assigned and that the agent may see,
// the longest waiting first.
GArray *assignment_list_waiting(Db *db, Id team_id, Id agent_id, guint limit,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The conversations (of Id) whose customer waits for an agent who is disabled, or absent longer
// than the team allows.
GArray *assignment_list_stranded(Db *db, Instant now, guint limit,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
