// The views that every workspace has: their fixed ids, what they ask and how they are sorted. Pure;
// used by api and desk/view_counter.
#pragma once

#include <glib.h>

typedef struct {
    const char *id; // "open"; as in /api/v1/conversations?view=open
    const char *name;
    const char *query;
    const char *sort;
} BuiltinView;

extern const BuiltinView builtin_views[]; // in the order in which they are shown; NULL id ends it

const BuiltinView *builtin_view_find(const char *id); // NULL: none
