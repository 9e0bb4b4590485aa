// dialogctl call, meeting: what was spoken, written down.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Conversation", "conversation_id"},
    {"Customer", "customer_id"},
    {"Agent", "agent_id"},
    {"Direction", "direction"},
    {"Outcome", "outcome"},
    {"Began", "started_at"},
    {"Seconds", "duration_s"},
    {"Subject", "subject"},
    {"Text", "text"},
    {"Taken away", "removed_at"},
    {0},
};

static const ControlOption log_options[] = {
    {"customer", "ID", "with this customer"},
    {"conversation", "ID", "within this conversation"},
    {"address", "NUMBER", "the number, or for meetings a mail address"},
    {"name", "NAME", "of somebody who was not known"},
    {"channel", "ID", "where there are several of the kind"},
    {"agent", "ID", "who spoke"},
    {"direction", "WAY", "in or out"},
    {"outcome", "WORD", "answered, voicemail, no_answer, busy, failed; held, no_show, cancelled"},
    {"started", "INSTANT", "when; without it, now"},
    {"duration", "SECONDS", "how long"},
    {"subject", "TEXT", "about what"},
    {"text", "TEXT", "what was said"},
    {0},
};

static const ControlOption change_options[] = {
    {"direction", "WAY", "in or out"},
    {"outcome", "WORD", "another outcome"},
    {"started", "INSTANT", "when"},
    {"duration", "SECONDS", "how long"},
    {"subject", "TEXT", "about what"},
    {"text", "TEXT", "what was said"},
    {0},
};

// Option and member of the body.
static const struct {
    const char *option;
    const char *member;
} members[] = {
    {"customer", "customer_id"},
    {"conversation", "conversation_id"},
    {"address", "address"},
    {"name", "name"},
    {"channel", "channel_id"},
    {"agent", "agent_id"},
    {"direction", "direction"},
    {"outcome", "outcome"},
    {"started", "started_at"},
    {"subject", "subject"},
    {"text", "text"},
};

static json_t *body_of(Control *control) {
    json_t *body = json_object();
    const char *duration = control_option(control, "duration");
    for (gsize at = 0; at < G_N_ELEMENTS(members); at++) {
        const char *value = control_option(control, members[at].option);
        if (value != NULL)
            json_object_set_new(body, members[at].member, json_string(value));
    }
    if (duration != NULL)
        json_object_set_new(body, "duration_s", json_integer(g_ascii_strtoll(duration, NULL, 10)));
    return body;
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json_is_object(json))
        control_print_record(control, json, columns);
    gboolean is_done = json != NULL;
    json_decref(json);
    return is_done;
}

static gboolean log_call(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/calls", body_of(control), error);
}

static gboolean log_meeting(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/meetings", body_of(control), error);
}

static gboolean on_one(Control *control, const char *method, const char *format, json_t *body,
                       GError **error) {
    g_autofree char *id = control_path("%s", control_argument(control, 0));
    g_autofree char *path = g_strconcat(format, id, NULL);
    return send(control, method, path, body, error);
}

static gboolean show_call(Control *control, GError **error) {
    return on_one(control, "GET", "/api/v1/calls/", NULL, error);
}

static gboolean show_meeting(Control *control, GError **error) {
    return on_one(control, "GET", "/api/v1/meetings/", NULL, error);
}

static gboolean change_call(Control *control, GError **error) {
    return on_one(control, "PATCH", "/api/v1/calls/", body_of(control), error);
}

static gboolean change_meeting(Control *control, GError **error) {
    return on_one(control, "PATCH", "/api/v1/meetings/", body_of(control), error);
}

static gboolean remove_call(Control *control, GError **error) {
    return on_one(control, "DELETE", "/api/v1/calls/", NULL, error);
}

static gboolean remove_meeting(Control *control, GError **error) {
    return on_one(control, "DELETE", "/api/v1/meetings/", NULL, error);
}

const ControlVerb control_call_log_verbs[] = {
    {.verb = "call",
     .action = "log",
     .arguments = "",
     .summary = "Write down a call",
     .options = log_options,
     .run = log_call},
    {.verb = "call",
     .action = "show",
     .arguments = "ID",
     .summary = "Show a call with what it was before",
     .run = show_call},
    {.verb = "call",
     .action = "change",
     .arguments = "ID",
     .summary = "Correct a call; what it was is kept",
     .options = change_options,
     .run = change_call},
    {.verb = "call",
     .action = "remove",
     .arguments = "ID",
     .summary = "Take a call away: it counts no longer",
     .run = remove_call},
    {.verb = "meeting",
     .action = "log",
     .arguments = "",
     .summary = "Write down a meeting",
     .options = log_options,
     .run = log_meeting},
    {.verb = "meeting",
     .action = "show",
     .arguments = "ID",
     .summary = "Show a meeting with what it was before",
     .run = show_meeting},
    {.verb = "meeting",
     .action = "change",
     .arguments = "ID",
     .summary = "Correct a meeting; what it was is kept",
     .options = change_options,
     .run = change_meeting},
    {.verb = "meeting",
     .action = "remove",
     .arguments = "ID",
     .summary = "Take a meeting away: it counts no longer",
     .run = remove_meeting},
    {0},
};
