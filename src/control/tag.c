#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"}, {"Name", "name"}, {"Color", "color"}, {"Conversations", "conversations"}, {0},
};

static const ControlOption tag_options[] = {
    {"name", "TEXT", "another name"},
    {"color", "COLOR", "such as #0a7b83; \"\" for none"},
    {0},
};

static gboolean list_tags(Control *control, GError **error) {
    json_t *tags = control_call(control, "GET", "/api/v1/tags", NULL, error);
    if (tags != NULL)
        control_print_list(control, tags, columns);
    json_decref(tags);
    return tags != NULL;
}

// Sends the body (taken) with the options.
static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    static const char *const names[] = {"name", "color"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        if (control_option(control, names[at]) != NULL)
            json_object_set_new(body, names[at], json_string(control_option(control, names[at])));
    json_t *tag = control_call(control, method, path, body, error);
    if (json_is_object(tag))
        control_print_record(control, tag, columns);
    json_decref(tag);
    return tag != NULL;
}

static gboolean add_tag(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/tags",
                json_pack("{s:s}", "name", control_argument(control, 0)), error);
}

static gboolean change_tag(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/tags/%s", control_argument(control, 0));
    return send(control, "PATCH", path, json_object(), error);
}

static gboolean merge_tags(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/tags/%s/merge", control_argument(control, 0));
    return send(control, "POST", path, json_pack("{s:s}", "into", control_argument(control, 1)),
                error);
}

static gboolean remove_tag(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/tags/%s", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    json_decref(answer);
    return answer != NULL;
}

const ControlVerb control_tag_verbs[] = {
    {.verb = "tag",
     .action = "list",
     .arguments = "",
     .summary = "Show the tags with how many conversations bear them",
     .run = list_tags},
    {.verb = "tag",
     .action = "add",
     .arguments = "NAME",
     .summary = "Add a tag",
     .options = tag_options,
     .run = add_tag},
    {.verb = "tag",
     .action = "change",
     .arguments = "ID",
     .summary = "Give a tag another name or color",
     .options = tag_options,
     .run = change_tag},
    {.verb = "tag",
     .action = "merge",
     .arguments = "ID INTO",
     .summary = "Let every conversation that bears ID bear INTO instead",
     .run = merge_tags},
    {.verb = "tag",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove a tag from every conversation",
     .run = remove_tag},
    {0},
};
