// The first administrator, and through which channel mails to agents go.
#include "control/verbs.h"

static const ControlColumn code_columns[] = {
    {"Code", "code"},
    {"Valid until", "expires_at"},
    {0},
};

static const ControlColumn mail_columns[] = {
    {"Channel", "channel_id"},
    {"Waiting", "queued"},
    {"Failed in 7 days", "failed"},
    {"Last reason", "last_reason"},
    {0},
};

static gboolean make_code(Control *control, GError **error) {
    json_t *code = control_call(control, "POST", "/api/v1/setup/code", NULL, error);
    if (code != NULL)
        control_print_record(control, code, code_columns);
    json_decref(code);
    return code != NULL;
}

static gboolean show_mail(Control *control, GError **error) {
    const char *channel = control_argument(control, 0);
    json_t *body = channel != NULL ? json_pack("{s:s}", "channel_id", channel) : NULL;
    json_t *mail =
        control_call(control, channel != NULL ? "PUT" : "GET", "/api/v1/system-mail", body, error);
    if (mail != NULL)
        control_print_record(control, mail, mail_columns);
    json_decref(mail);
    return mail != NULL;
}

const ControlVerb control_setup_verbs[] = {
    {.verb = "setup-code",
     .arguments = "",
     .summary = "Make the one-use code with which the first administrator is set up",
     .run = make_code},
    {.verb = "system-mail",
     .arguments = "[CHANNEL]",
     .summary = "Show or choose the email channel for mails to agents",
     .run = show_mail},
    {0},
};
