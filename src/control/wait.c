// wait list, wait show: customers' unanswered times, one by one.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Conversation", "conversation_id"},
    {"Kind", "kind"},
    {"State", "state"},
    {"Started", "started_at"},
    {"Ended", "ended_at"},
    {"Milliseconds", "elapsed_ms"},
    {"Answered by", "answered_by"},
    {0},
};

static const ControlOption list_options[] = {
    {"period", "WHAT", "waits that started, ended, were open in it, or are still_open"},
    {"from", "DAY", "the period's beginning: a day of the zone, or an instant"},
    {"to", "DAY", "its end, not included"},
    {"state", "STATE", "open, answered or dismissed"},
    {"kind", "KIND", "first or next"},
    {"channel", "ID", "of this channel"},
    {"agent", "ID", "answered by this agent"},
    {"team", "ID", "of this team"},
    {"conversation", "ID", "of this conversation"},
    {"limit", "N", "at most so many"},
    {"cursor", "CURSOR", "next of the page before"},
    {0},
};

static gboolean list(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/waits", list_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean show(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/waits/%s", control_argument(control, 0));
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_wait_verbs[] = {
    {.verb = "wait",
     .action = "list",
     .arguments = "",
     .summary = "Show waits: those that ended in the last 30 days unless said otherwise",
     .options = list_options,
     .run = list},
    {.verb = "wait", .action = "show", .arguments = "ID", .summary = "Show one wait", .run = show},
    {0},
};
