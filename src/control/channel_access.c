#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Restricted", "restricted"},
    {"Agents", "agents"},
    {"Teams", "teams"},
    {0},
};

static gboolean send(Control *control, const char *method, json_t *body, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/channels/%s/access", control_argument(control, 0));
    json_t *access = control_call(control, method, path, body, error);
    if (access != NULL)
        control_print_record(control, access, columns);
    json_decref(access);
    return access != NULL;
}

static gboolean show_access(Control *control, GError **error) {
    return send(control, "GET", NULL, error);
}

static json_t *ids_of(const Control *control, const char *option) {
    json_t *ids = json_array();
    for (const char *const *id = control_options(control, option); *id != NULL; id++)
        json_array_append_new(ids, json_string(*id));
    return ids;
}

static gboolean restrict_channel(Control *control, GError **error) {
    return send(control, "PUT",
                json_pack("{s:b, s:o, s:o}", "restricted", 1, "agents", ids_of(control, "agent"),
                          "teams", ids_of(control, "team")),
                error);
}

static gboolean open_channel(Control *control, GError **error) {
    return send(control, "PUT", json_pack("{s:b, s:[], s:[]}", "restricted", 0, "agents", "teams"),
                error);
}

static const ControlOption options[] = {
    {"agent", "ID", "an agent who sees it; may be given several times"},
    {"team", "ID", "a team that sees it; may be given several times"},
    {0},
};

const ControlVerb control_channel_access_verbs[] = {
    {.verb = "channel",
     .action = "access",
     .arguments = "ID",
     .summary = "Show whom a channel is for",
     .run = show_access},
    {.verb = "channel",
     .action = "restrict",
     .arguments = "ID",
     .summary = "Hide a channel from all but these agents and teams",
     .options = options,
     .run = restrict_channel},
    {.verb = "channel",
     .action = "open",
     .arguments = "ID",
     .summary = "Let all agents see a channel",
     .run = open_channel},
    {0},
};
