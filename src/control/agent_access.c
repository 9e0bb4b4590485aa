// How an agent gets in: invitation, password, second factor.
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "control/agent_access.h"
#include "control/verbs.h"

// From standard input, never from the command line, which others can see.
gboolean control_set_password(Control *control, const char *agent, GError **error) {
    g_autofree char *path = control_path("/api/v1/agents/%s/password", agent);
    char line[1024];
    if (isatty(STDIN_FILENO))
        fputs("New password: ", stderr);
    if (fgets(line, sizeof line, stdin) == NULL || line[strcspn(line, "\n")] == '\0') {
        error_set(error, ERROR_INVALID, "password_missing",
                  "give the password as one line of standard input");
        return FALSE;
    }
    line[strcspn(line, "\n")] = '\0';
    json_t *answer =
        control_call(control, "PUT", path, json_pack("{s:s}", "password", line), error);
    explicit_bzero(line, sizeof line);
    json_decref(answer);
    return answer != NULL;
}

static gboolean set_password(Control *control, GError **error) {
    if (!control_set_password(control, control_argument(control, 0), error))
        return FALSE;
    control_say(control, "The password is set; all sessions of the agent have ended.");
    return TRUE;
}

static gboolean reset_totp(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/agents/%s/second-factor", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "The second factor is gone; the agent signs in with the password.");
    json_decref(answer);
    return answer != NULL;
}

static const ControlColumn invitation_columns[] = {
    {"Valid until", "expires_at"},
    {"Mail", "mail"},
    {0},
};

static gboolean invite(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/agents/%s/invitation", control_argument(control, 0));
    json_t *invitation = control_call(control, "POST", path, NULL, error);
    if (invitation != NULL)
        control_print_record(control, invitation, invitation_columns);
    json_decref(invitation);
    return invitation != NULL;
}

static gboolean uninvite(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/agents/%s/invitation", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "The invitation is taken back.");
    json_decref(answer);
    return answer != NULL;
}

const ControlVerb control_agent_access_verbs[] = {
    {.verb = "agent",
     .action = "invite",
     .arguments = "ID",
     .summary = "Send the mail by which an agent chooses the first password, also again",
     .run = invite},
    {.verb = "agent",
     .action = "uninvite",
     .arguments = "ID",
     .summary = "Take an invitation back",
     .run = uninvite},
    {.verb = "agent",
     .action = "password",
     .arguments = "ID",
     .summary = "Set an agent's password, read from standard input",
     .run = set_password},
    {.verb = "agent",
     .action = "totp-reset",
     .arguments = "ID",
     .summary = "Take away the second factor of somebody who lost it",
     .run = reset_totp},
    {0},
};
