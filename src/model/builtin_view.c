#include "model/builtin_view.h"

#include <string.h>

const BuiltinView builtin_views[] = {
    {"open", "Open", "is:open", "newest"},
    {"mine", "Mine", "is:open agent:me", "newest"},
    {"unassigned", "Unassigned", "is:open is:unassigned", "newest"},
    {"waiting", "Waiting", "is:waiting", "waiting"},
    {"mentions", "Mentions", "mentions:me", "newest"},
    {"drafts", "Drafts", "has:draft", "newest"},
    {"pending", "Pending", "is:pending", "newest"},
    {"snoozed", "Snoozed", "is:snoozed", "newest"},
    {"resolved", "Resolved", "is:resolved", "newest"},
    {"all", "All", "", "newest"},
    {0},
};

const BuiltinView *builtin_view_find(const char *id) {
    for (const BuiltinView *view = builtin_views; view->id != NULL; view++)
        if (strcmp(view->id, id) == 0)
            return view;
    return NULL;
}
