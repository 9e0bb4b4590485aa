#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"URL", "url"},
    {"State", "state"},
    {"Reason", "state_reason"},
    {"Failing since", "failing_since"},
    {0},
};

static const ControlColumn secret_columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Secret (shown once)", "secret"},
    {"Former one until", "former_secret_until"},
    {0},
};

static const ControlColumn delivery_columns[] = {
    {"Id", "id"},
    {"Type", "type"},
    {"State", "state"},
    {"Attempts", "attempts"},
    {"Status", "status"},
    {"ms", "milliseconds"},
    {"Reason", "reason"},
    {"Next attempt", "next_attempt_at"},
    {0},
};

static const ControlOption change_options[] = {
    {"name", "NAME", "another name"},
    {"url", "URL", "another address"},
    {"event", "TYPE", "a type of event that it is told, * for all; may be given several times"},
    {"channel", "ID", "only of this channel; may be given several times"},
    {"team", "ID", "only of this team; may be given several times"},
    {"include", "PART", "conversation or message; may be given several times"},
    {"pause", NULL, "send nothing until it is resumed"},
    {"resume", NULL, "send again, also after it was disabled"},
    {0},
};

static const ControlOption list_options[] = {
    {"state", "STATE", "only pending or failed ones"},
    {0},
};

static gboolean print(Control *control, json_t *record, const ControlColumn *shown) {
    if (record != NULL)
        control_print_record(control, record, shown);
    json_decref(record);
    return record != NULL;
}

static void set_texts(json_t *body, const char *name, const char *const *texts) {
    if (*texts == NULL)
        return;
    json_t *list = json_array();
    for (; *texts != NULL; texts++)
        json_array_append_new(list, json_string(*texts));
    json_object_set_new(body, name, list);
}

static void set_text(json_t *body, const char *name, const char *text) {
    if (text != NULL)
        json_object_set_new(body, name, json_string(text));
}

static json_t *body_of(Control *control) {
    json_t *body = json_object();
    set_text(body, "name", control_option(control, "name"));
    set_text(body, "url", control_option(control, "url"));
    set_texts(body, "event_types", control_options(control, "event"));
    set_texts(body, "channel_ids", control_options(control, "channel"));
    set_texts(body, "team_ids", control_options(control, "team"));
    set_texts(body, "include", control_options(control, "include"));
    if (control_flag(control, "pause") || control_flag(control, "resume"))
        json_object_set_new(body, "paused", json_boolean(control_flag(control, "pause")));
    return body;
}

static gboolean list_webhooks(Control *control, GError **error) {
    json_t *list = control_call(control, "GET", "/api/v1/webhooks", NULL, error);
    if (list != NULL)
        control_print_list(control, list, columns);
    json_decref(list);
    return list != NULL;
}

static gboolean add_webhook(Control *control, GError **error) {
    json_t *body = body_of(control);
    set_text(body, "name", control_argument(control, 0));
    set_text(body, "url", control_argument(control, 1));
    if (json_object_get(body, "event_types") == NULL)
        json_object_set_new(body, "event_types", json_array());
    return print(control, control_call(control, "POST", "/api/v1/webhooks", body, error),
                 secret_columns);
}

static gboolean change_webhook(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/webhooks/%s", control_argument(control, 0));
    return print(control, control_call(control, "PATCH", path, body_of(control), error), columns);
}

static gboolean remove_webhook(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/webhooks/%s", control_argument(control, 0));
    json_t *nothing = control_call(control, "DELETE", path, NULL, error);
    if (nothing != NULL)
        control_say(control, "Removed.");
    json_decref(nothing);
    return nothing != NULL;
}

static gboolean rotate(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/webhooks/%s/rotate", control_argument(control, 0));
    return print(control, control_call(control, "POST", path, json_object(), error),
                 secret_columns);
}

static gboolean ping(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/webhooks/%s/ping", control_argument(control, 0));
    return print(control, control_call(control, "POST", path, json_object(), error),
                 delivery_columns);
}

static gboolean list_deliveries(Control *control, GError **error) {
    const char *state = control_option(control, "state");
    g_autofree char *path = state != NULL
                                ? control_path("/api/v1/webhooks/%s/deliveries?limit=200&state=%s",
                                               control_argument(control, 0), state)
                                : control_path("/api/v1/webhooks/%s/deliveries?limit=200",
                                               control_argument(control, 0));
    json_t *list = control_call(control, "GET", path, NULL, error);
    if (list != NULL)
        control_print_list(control, list, delivery_columns);
    json_decref(list);
    return list != NULL;
}

static gboolean redeliver(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/webhooks/%s/deliveries/%s/redeliver", control_argument(control, 0),
                     control_argument(control, 1));
    return print(control, control_call(control, "POST", path, json_object(), error),
                 delivery_columns);
}

#define VERB(name, words, text, choices, function)                                                 \
    {                                                                                              \
        .verb = "webhook", .action = name, .arguments = words, .summary = text,                    \
        .options = choices, .run = function                                                        \
    }

const ControlVerb control_webhook_verbs[] = {
    VERB("list", "", "Show the web hooks out", NULL, list_webhooks),
    VERB("add", "NAME URL", "Tell an address what happens; shows its secret once", change_options,
         add_webhook),
    VERB("change", "ID", "Change, pause or resume a web hook", change_options, change_webhook),
    VERB("remove", "ID", "Remove a web hook", NULL, remove_webhook),
    VERB("rotate", "ID", "Make a new secret; the former one is valid for a day", NULL, rotate),
    VERB("ping", "ID", "Send a ping to try a web hook", NULL, ping),
    VERB("deliveries", "ID", "Show what a web hook was told and what it answered", list_options,
         list_deliveries),
    VERB("redeliver", "ID DELIVERY", "Send a delivery again", NULL, redeliver),
    {0},
};
