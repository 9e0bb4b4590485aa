#include "control/verbs.h"

static const ControlOption options[] = {
    {"at", "INSTANT", "when the story stops, 2026-11-20T14:00:00Z unless given"},
    {0},
};

static const ControlColumn columns[] = {
    {"Conversations", "conversations"},
    {"Messages in", "received"},
    {"Replies", "replies"},
    {0},
};

static gboolean run(Control *control, GError **error) {
    const char *at = control_option(control, "at");
    json_t *body = json_object();
    if (at != NULL) {
        json_object_set_new(body, "at", json_string(at));
    }
    json_t *figures = control_call(control, "POST", "/api/v1/demo", body, error);
    if (figures == NULL) {
        return FALSE;
    }
    control_print_record(control, figures, columns);
    json_decref(figures);
    return TRUE;
}

const ControlVerb control_demo_verbs[] = {
    {.verb = "demo",
     .arguments = "",
     .summary = "Fill an empty data directory with a demo inbox",
     .options = options,
     .run = run},
    {0},
};
