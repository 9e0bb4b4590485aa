#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"When", "recorded_at"}, {"Actor", "actor"},  {"Agent", "actor_id"}, {"Action", "action"},
    {"Object", "object"},    {"Id", "object_id"}, {"Data", "data"},      {0},
};

static const ControlOption options[] = {
    {"action", "WORD", "only this, such as signed_in, sign_in_failed, request_denied"},
    {"agent", "ID", "only what this agent did"},
    {"from", "INSTANT", "at or after"},
    {"to", "INSTANT", "before"},
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static gboolean list_audit(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/audit", options);
    json_t *rows = control_call(control, "GET", path, NULL, error);
    if (rows != NULL)
        control_print_list(control, rows, columns);
    json_decref(rows);
    return rows != NULL;
}

const ControlVerb control_audit_verbs[] = {
    {.verb = "audit",
     .arguments = "",
     .summary = "Show who did what that matters to security, newest first",
     .options = options,
     .run = list_audit},
    {0},
};
