// Who of a team gets a conversation by itself: the choice as a pure function of the team's mode and
// what is known of its members. desk/assignment asks it and applies the answer.
#pragma once

#include "model/availability.h"

typedef enum {
    ASSIGNMENT_NONE, // people take conversations themselves
    ASSIGNMENT_ROUND_ROBIN,
    ASSIGNMENT_LEAST_LOADED,
    ASSIGNMENT_MODES,
} AssignmentMode;

const char *assignment_mode_name(AssignmentMode mode); // "none", "round_robin", "least_loaded"
gboolean assignment_mode_parse(const char *name, AssignmentMode *mode);

#define CAPACITY_UNLIMITED (-1)

// A member of the team.
typedef struct {
    Id agent_id;
    gboolean is_disabled;
    gboolean may_see; // the conversation
    AvailabilityState state;
    gint64 capacity; // open conversations at once, or CAPACITY_UNLIMITED
    gint64 open;     // open conversations that are assigned to them
} AssignmentCandidate;

// Whether they may get the conversation.
gboolean assignment_is_fit(const AssignmentCandidate *candidate);

// The one who gets it: round robin the next id after last (0: nobody yet), the least loaded the one
// with the fewest open conversations, of equals the lowest id. NULL: nobody fits. Candidates in any
// order; borrowed.
const AssignmentCandidate *
assignment_choose(AssignmentMode mode, const AssignmentCandidate *candidates, gsize count, Id last);
