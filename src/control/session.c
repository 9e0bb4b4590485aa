#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},        {"Agent", "agent_id"}, {"By", "method"},       {"Address", "address"},
    {"Seen", "seen_at"}, {"Ends", "ends_at"},   {"Browser", "browser"}, {0},
};

static gboolean list_sessions(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/sessions?agent=%s", control_argument(control, 0));
    json_t *sessions = control_call(control, "GET", path, NULL, error);
    if (sessions != NULL)
        control_print_list(control, sessions, columns);
    json_decref(sessions);
    return sessions != NULL;
}

static gboolean end_at(Control *control, const char *path, GError **error) {
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "Ended.");
    json_decref(answer);
    return answer != NULL;
}

static gboolean revoke_session(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/sessions/%s", control_argument(control, 0));
    return end_at(control, path, error);
}

static gboolean revoke_all(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/sessions?agent=%s", control_argument(control, 0));
    return end_at(control, path, error);
}

const ControlVerb control_session_verbs[] = {
    {.verb = "session",
     .action = "list",
     .arguments = "AGENT",
     .summary = "Show where an agent is signed in",
     .run = list_sessions},
    {.verb = "session",
     .action = "revoke",
     .arguments = "ID",
     .summary = "End a session",
     .run = revoke_session},
    {.verb = "session",
     .action = "revoke-all",
     .arguments = "AGENT",
     .summary = "End all sessions of an agent",
     .run = revoke_all},
    {0},
};
