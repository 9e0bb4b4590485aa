#include <stdio.h>

#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Conversation", "conversation_id"},
    {"Direction", "direction"},
    {"State", "state"},
    {"Reason", "state_reason"},
    {"Subject", "subject"},
    {"Text", "text"},
    {0},
};

static const ControlColumn part_columns[] = {
    {"Recipient", "recipient"}, {"State", "state"},       {"Attempts", "attempts"},
    {"Due", "not_before"},      {"Response", "response"}, {0},
};

static gboolean show(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s", control_argument(control, 0));
    json_t *message = control_call(control, "GET", path, NULL, error);
    if (message != NULL)
        control_print_record(control, message, columns);
    json_decref(message);
    return message != NULL;
}

static gboolean list_parts(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s/parts", control_argument(control, 0));
    json_t *parts = control_call(control, "GET", path, NULL, error);
    if (parts != NULL)
        control_print_list(control, parts, part_columns);
    json_decref(parts);
    return parts != NULL;
}

static gboolean decide(Control *control, const char *format, GError **error) {
    g_autofree char *start = control_path("/api/v1/messages/%s/", control_argument(control, 0));
    g_autofree char *path = g_strconcat(start, format, NULL);
    json_t *message = control_call(control, "POST", path, json_object(), error);
    if (message != NULL)
        control_print_record(control, message, columns);
    json_decref(message);
    return message != NULL;
}

static gboolean change_message(Control *control, const char *method, json_t *body, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s", control_argument(control, 0));
    json_t *json = control_call(control, method, path, body, error);
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean reschedule(Control *control, GError **error) {
    return change_message(control, "PATCH",
                          json_pack("{s:s}", "send_at", control_argument(control, 1)), error);
}

static gboolean take_back(Control *control, GError **error) {
    return change_message(control, "DELETE", NULL, error);
}

static gboolean cancel(Control *control, GError **error) {
    return decide(control, "cancel", error);
}

static gboolean resend(Control *control, GError **error) {
    return decide(control, "resend", error);
}

static gboolean mark_sent(Control *control, GError **error) {
    return decide(control, "mark-sent", error);
}

static gboolean check(Control *control, GError **error) {
    static const ControlColumn found[] = {{"Found", "found"}, {0}};
    g_autofree char *path = control_path("/api/v1/messages/%s/check", control_argument(control, 0));
    json_t *answer = control_call(control, "POST", path, json_object(), error);
    if (answer != NULL)
        control_print_record(control, answer, found);
    json_decref(answer);
    return answer != NULL;
}

static gboolean write_bytes(Control *control, const char *path, GError **error) {
    g_autoptr(HttpAnswer) answer = control_call_bytes(control, "GET", path, NULL, NULL, error);
    if (answer == NULL)
        return FALSE;
    gsize length;
    const char *data = g_bytes_get_data(answer->body, &length);
    fwrite(data, 1, length, stdout);
    return TRUE;
}

static gboolean write_raw(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s/raw", control_argument(control, 0));
    return write_bytes(control, path, error);
}

static gboolean write_attachment(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/attachments/%s", control_argument(control, 0));
    return write_bytes(control, path, error);
}

static gboolean write_html(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/messages/%s/html", control_argument(control, 0));
    return write_bytes(control, path, error);
}

const ControlVerb control_message_verbs[] = {
    {.verb = "message",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one message",
     .run = show},
    {.verb = "message",
     .action = "parts",
     .arguments = "ID",
     .summary = "Show what became of each recipient or part",
     .run = list_parts},
    {.verb = "message",
     .action = "reschedule",
     .arguments = "ID INSTANT",
     .summary = "Let a reply that leaves later leave at another time",
     .run = reschedule},
    {.verb = "message",
     .action = "take-back",
     .arguments = "ID",
     .summary = "Take back a reply that has not left, by its id or client_key",
     .run = take_back},
    {.verb = "message",
     .action = "cancel",
     .arguments = "ID",
     .summary = "Take back a message that has not left yet",
     .run = cancel},
    {.verb = "message",
     .action = "resend",
     .arguments = "ID",
     .summary = "Send again what is unknown or was refused",
     .run = resend},
    {.verb = "message",
     .action = "mark-sent",
     .arguments = "ID",
     .summary = "Count an unknown message as sent",
     .run = mark_sent},
    {.verb = "message",
     .action = "check",
     .arguments = "ID",
     .summary = "Look for an unknown mail in the Sent folder",
     .run = check},
    {.verb = "message",
     .action = "raw",
     .arguments = "ID",
     .summary = "Write the original mail to standard output",
     .run = write_raw},
    {.verb = "message",
     .action = "html",
     .arguments = "ID",
     .summary = "Write its cleaned HTML to standard output",
     .run = write_html},
    {.verb = "message",
     .action = "attachment",
     .arguments = "ID",
     .summary = "Write an attachment to standard output",
     .run = write_attachment},
    {0},
};
