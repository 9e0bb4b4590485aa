#include "control/verbs.h"

#include <string.h>

static const ControlColumn link_columns[] = {
    {"Id", "id"}, {"Conversation", "conversation_id"}, {"Title", "title"}, {"Address", "url"}, {0},
};

static const ControlColumn party_columns[] = {
    {"Address", "address"},
    {"Name", "name"},
    {0},
};

static const ControlColumn draft_columns[] = {
    {"Agent", "agent_id"},
    {"Mode", "mode"},
    {"Changed", "updated_at"},
    {0},
};

static const ControlOption participant_options[] = {
    {"add", "ADDRESS", "takes part from now on; may be given several times"},
    {"remove", "ADDRESS", "takes part no longer"},
    {0},
};

static const ControlOption link_options[] = {
    {"title", "TEXT", "what people read"},
    {0},
};

static gboolean show(Control *control, const char *path, const ControlColumn *columns,
                     GError **error) {
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, columns);
    json_decref(json);
    return json != NULL;
}

static json_t *list_of(Control *control, const char *option) {
    json_t *list = json_array();
    for (const char *const *at = control_options(control, option); *at != NULL; at++)
        json_array_append_new(list, json_string(*at));
    return list;
}

static gboolean show_participants(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/participants", control_argument(control, 0));
    json_t *body = json_pack("{s:o, s:o}", "add", list_of(control, "add"), "remove",
                             list_of(control, "remove"));
    if (json_array_size(json_object_get(body, "add")) == 0 &&
        json_array_size(json_object_get(body, "remove")) == 0) {
        json_decref(body);
        return show(control, path, party_columns, error);
    }
    json_t *json = control_call(control, "PATCH", path, body, error);
    if (json != NULL)
        control_print_list(control, json, party_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean list_links(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/links", control_argument(control, 0));
    return show(control, path, link_columns, error);
}

static gboolean add_link(Control *control, GError **error) {
    const char *to = control_argument(control, 1);
    const char *title = control_option(control, "title");
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/links", control_argument(control, 0));
    json_t *body = json_pack("{s:s}", strstr(to, "://") != NULL ? "url" : "conversation_id", to);
    if (title != NULL)
        json_object_set_new(body, "title", json_string(title));
    json_t *link = control_call(control, "POST", path, body, error);
    if (link != NULL)
        control_print_record(control, link, link_columns);
    json_decref(link);
    return link != NULL;
}

static gboolean remove_link(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/links/%s", control_argument(control, 0),
                     control_argument(control, 1));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    json_decref(answer);
    return answer != NULL;
}

static gboolean unmove(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/unmove", control_argument(control, 0));
    json_t *json = control_call(control, "POST", path, json_object(), error);
    json_decref(json);
    return json != NULL;
}

// The shared one's text as JSON; who else writes as a table.
static gboolean show_drafts(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/conversations/%s/draft", control_argument(control, 0));
    json_t *drafts = control_call(control, "GET", path, NULL, error);
    if (drafts != NULL && control_is_json(control))
        control_print_list(control, drafts, draft_columns);
    else if (drafts != NULL)
        control_print_list(control, json_object_get(drafts, "others"), draft_columns);
    json_decref(drafts);
    return drafts != NULL;
}

const ControlVerb control_conversation_link_verbs[] = {
    {.verb = "conversation",
     .action = "unmove",
     .arguments = "ID",
     .summary = "Move it back to the channel that it came from",
     .run = unmove},
    {.verb = "conversation",
     .action = "participants",
     .arguments = "ID",
     .summary = "Show or change who takes part by mail",
     .options = participant_options,
     .run = show_participants},
    {.verb = "conversation",
     .action = "drafts",
     .arguments = "ID",
     .summary = "Show what is begun here, without others' own texts",
     .run = show_drafts},
    {.verb = "conversation",
     .action = "links",
     .arguments = "ID",
     .summary = "Show what it is linked with",
     .run = list_links},
    {.verb = "conversation",
     .action = "link",
     .arguments = "ID TO",
     .summary = "Link it with another conversation, or with an https address",
     .options = link_options,
     .run = add_link},
    {.verb = "conversation",
     .action = "unlink",
     .arguments = "ID LINK",
     .summary = "Remove a link",
     .run = remove_link},
    {0},
};
