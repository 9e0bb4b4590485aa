// conversation find, move, unsplit: where a conversation is and belongs.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Number", "number"},
    {"Status", "status"},
    {"Channel", "channel_id"},
    {"Customer", "customer.name"},
    {"Subject", "subject"},
    {0},
};

static gboolean print_answer(Control *control, const char *method, const char *path, json_t *body,
                             GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json != NULL)
        control_print_record(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static gboolean find(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/number/%s", control_argument(control, 0));
    return print_answer(control, "GET", path, NULL, error);
}

static gboolean move(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/move", control_argument(control, 0));
    return print_answer(control, "POST", path,
                        json_pack("{s:s}", "channel_id", control_argument(control, 1)), error);
}

static gboolean unsplit(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/unsplit", control_argument(control, 0));
    return print_answer(control, "POST", path,
                        json_pack("{s:s}", "to", control_argument(control, 1)), error);
}

const ControlVerb control_conversation_place_verbs[] = {
    {.verb = "conversation",
     .action = "find",
     .arguments = "NUMBER",
     .summary = "Find the one that people call by this number",
     .run = find},
    {.verb = "conversation",
     .action = "move",
     .arguments = "ID CHANNEL",
     .summary = "Let another channel be its home",
     .run = move},
    {.verb = "conversation",
     .action = "unsplit",
     .arguments = "ID TO",
     .summary = "Undo a split: all of TO comes back",
     .run = unsplit},
    {0},
};
