// event list: what happened, as the log has it.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Number", "seq"},
    {"Recorded", "recorded_at"},
    {"Event", "type"},
    {"Conversation", "conversation_id"},
    {"By", "actor"},
    {"Their id", "actor_id"},
    {0},
};

static const ControlOption options[] = {
    {"since", "NUMBER", "only what came after the event of this number"},
    {0},
};

static gboolean list(Control *control, GError **error) {
    const char *since = control_option(control, "since");
    g_autofree char *path =
        control_path("/api/v1/events?poll=1&since=%s", since != NULL ? since : "0");
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_event_verbs[] = {
    {.verb = "event",
     .action = "list",
     .arguments = "",
     .summary = "Show a page of the event log, the oldest first",
     .options = options,
     .run = list},
    {0},
};
