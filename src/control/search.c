#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Conversation", "conversation.id"},
    {"Status", "conversation.status"},
    {"Customer", "conversation.customer.name"},
    {"Subject", "conversation.subject"},
    {"Excerpt", "excerpt"},
    {0},
};

// All words of the command line are one question; "a phrase" keeps its blanks by quotes within.
static gboolean search(Control *control, GError **error) {
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint at = 0; control_argument(control, at) != NULL; at++)
        g_string_append_printf(line, "%s%s", at > 0 ? " " : "", control_argument(control, at));
    g_autofree char *path = control_path("/api/v1/search?q=%s", line->str);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_search_verbs[] = {
    {.verb = "search",
     .arguments = "WORD...",
     .summary = "Find conversations: words, \"phrases\", -not, OR, from: to: subject: is: has: "
                "agent: team: "
                "channel: tag: created: ...",
     .run = search},
    {0},
};
