#include <stdio.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Channel", "channel_id"},
    {"Source", "source"},
    {"State", "state"},
    {"Reason", "reason"},
    {"Received", "received_at"},
    {"Message", "message_id"},
    {0},
};

static const ControlOption list_options[] = {
    {"state", "STATE", "quarantined (unless given) or refused"},
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static gboolean list_intake(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/intake", list_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean write_raw(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/intake/%s/raw", control_argument(control, 0));
    g_autoptr(HttpAnswer) answer = control_call_bytes(control, "GET", path, NULL, NULL, error);
    if (answer == NULL)
        return FALSE;
    gsize length;
    const char *data = g_bytes_get_data(answer->body, &length);
    fwrite(data, 1, length, stdout);
    return TRUE;
}

static gboolean print_answer(Control *control, const char *path, GError **error) {
    json_t *json = control_call(control, "POST", path, json_object(), error);
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean dismiss(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/intake/%s/dismiss", control_argument(control, 0));
    return print_answer(control, path, error);
}

static gboolean replay_one(Control *control, const char *id, GError **error) {
    g_autofree char *path = control_path("/api/v1/intake/%s/replay", id);
    return print_answer(control, path, error);
}

// Every quarantined delivery, page by page; those that stay so are passed over.
static gboolean replay_all(Control *control, GError **error) {
    g_autofree char *path = g_strdup("/api/v1/intake?limit=200");
    while (path != NULL) {
        json_t *page = control_call(control, "GET", path, NULL, error);
        if (page == NULL)
            return FALSE;
        gboolean done = TRUE;
        size_t at;
        json_t *item;
        json_array_foreach(json_object_get(page, "items"), at, item) done =
            done && replay_one(control, json_string_value(json_object_get(item, "id")), error);
        const char *next = json_string_value(json_object_get(page, "next"));
        g_free(path);
        path =
            done && next != NULL ? control_path("/api/v1/intake?limit=200&cursor=%s", next) : NULL;
        json_decref(page);
        if (!done)
            return FALSE;
    }
    return TRUE;
}

static gboolean replay(Control *control, GError **error) {
    const char *id = control_argument(control, 0);
    return id != NULL ? replay_one(control, id, error) : replay_all(control, error);
}

const ControlVerb control_intake_verbs[] = {
    {.verb = "intake",
     .action = "list",
     .arguments = "",
     .summary = "Show what came in and could not be decoded",
     .options = list_options,
     .run = list_intake},
    {.verb = "intake",
     .action = "raw",
     .arguments = "ID",
     .summary = "Write its bytes to standard output",
     .run = write_raw},
    {.verb = "intake",
     .action = "dismiss",
     .arguments = "ID",
     .summary = "Set it aside",
     .run = dismiss},
    {.verb = "replay",
     .arguments = "[ID]",
     .summary = "Decode a quarantined delivery again, or all of them",
     .run = replay},
    {0},
};
