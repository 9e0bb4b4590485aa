#include "model/assignment.h"

#include <string.h>

static const char *const names[ASSIGNMENT_MODES] = {
    [ASSIGNMENT_NONE] = "none",
    [ASSIGNMENT_ROUND_ROBIN] = "round_robin",
    [ASSIGNMENT_LEAST_LOADED] = "least_loaded",
};

const char *assignment_mode_name(AssignmentMode mode) {
    return names[mode];
}

gboolean assignment_mode_parse(const char *name, AssignmentMode *mode) {
    for (guint at = 0; at < ASSIGNMENT_MODES; at++)
        if (strcmp(names[at], name) == 0) {
            *mode = (AssignmentMode)at;
            return TRUE;
        }
    return FALSE;
}

gboolean assignment_is_fit(const AssignmentCandidate *candidate) {
    return !candidate->is_disabled && candidate->may_see &&
           candidate->state == AVAILABILITY_AVAILABLE &&
           (candidate->capacity == CAPACITY_UNLIMITED || candidate->open < candidate->capacity);
}

// Ids after last come before those up to it.
static gboolean is_next(const AssignmentCandidate *a, const AssignmentCandidate *b, Id last) {
    gboolean a_follows = a->agent_id > last;
    gboolean b_follows = b->agent_id > last;
    return a_follows != b_follows ? a_follows : a->agent_id < b->agent_id;
}

static gboolean is_freer(const AssignmentCandidate *a, const AssignmentCandidate *b, Id last) {
    (void)last;
    return a->open != b->open ? a->open < b->open : a->agent_id < b->agent_id;
}

typedef gboolean (*IsBetter)(const AssignmentCandidate *a, const AssignmentCandidate *b, Id last);

static const IsBetter orders[ASSIGNMENT_MODES] = {
    [ASSIGNMENT_ROUND_ROBIN] = is_next,
    [ASSIGNMENT_LEAST_LOADED] = is_freer,
};

const AssignmentCandidate *assignment_choose(AssignmentMode mode,
                                             const AssignmentCandidate *candidates, gsize count,
                                             Id last) {
    const AssignmentCandidate *best = NULL;
    IsBetter is_better = orders[mode];
    for (gsize at = 0; is_better != NULL && at < count; at++)
        if (assignment_is_fit(&candidates[at]) &&
            (best == NULL || is_better(&candidates[at], best, last)))
            best = &candidates[at];
    return best;
}
