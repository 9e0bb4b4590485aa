#include "control/verbs.h"

static const ControlColumn list_columns[] = {
    {"Id", "id"}, {"Name", "name"}, {"Address", "address"}, {"Known since", "created_at"}, {0},
};

static const ControlColumn identity_columns[] = {
    {"Identity", "id"}, {"Kind", "kind"}, {"Address", "address"}, {"Name", "name"}, {0},
};

static const ControlColumn message_columns[] = {
    {"Id", "id"},      {"When", "occurred_at"}, {"Conversation", "conversation_id"},
    {"", "direction"}, {"Text", "text"},        {0},
};

static const ControlOption list_options[] = {
    {"search", "WORDS", "by the beginnings of names, addresses, numbers and companies"},
    {"address", "ADDRESS", "only the customer of this address"},
    {"company", "ID", "only of this company"},
    {"field", "KEY", "only with --value in this custom field"},
    {"value", "TEXT", "of --field"},
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static gboolean list_customers(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/customers", list_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, list_columns);
    json_decref(json);
    return json != NULL;
}

static void print_customer(Control *control, const json_t *json) {
    control_print_record(control, json, list_columns);
    if (!control_is_json(control))
        control_print_list(control, json_object_get(json, "identities"), identity_columns);
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    json_t *json = control_call(control, method, path, body, error);
    if (json != NULL)
        print_customer(control, json);
    json_decref(json);
    return json != NULL;
}

static gboolean show_customer(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/customers/%s", control_argument(control, 0));
    return send(control, "GET", path, NULL, error);
}

static gboolean show_timeline(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/timeline?limit=200", control_argument(control, 0));
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, message_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean rename_customer(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/customers/%s", control_argument(control, 0));
    return send(control, "PATCH", path, json_pack("{s:s}", "name", control_argument(control, 1)),
                error);
}

static gboolean merge(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/merge", control_argument(control, 0));
    return send(control, "POST", path, json_pack("{s:s}", "from", control_argument(control, 1)),
                error);
}

static gboolean unmerge(Control *control, GError **error) {
    const char *id = control_argument(control, 0);
    g_autofree char *path = control_path("/api/v1/customers/%s/unmerge", id);
    return send(control, "POST", path, json_pack("{s:s}", "from", id), error);
}

static const ControlColumn duplicate_columns[] = {
    {"Id", "id"}, {"Name", "name"}, {"Reason", "reason"}, {"Known since", "created_at"}, {0},
};

static const ControlColumn preview_columns[] = {
    {"Into", "into.name"},
    {"From", "from.name"},
    {"Conversations", "conversation_count"},
    {"Differing", "differing"},
    {0},
};

static gboolean list_duplicates(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/duplicates", control_argument(control, 0));
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, duplicate_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean preview_merge(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/customers/%s/merge-preview?from=%s", control_argument(control, 0),
                     control_argument(control, 1));
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_record(control, json, preview_columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_customer_verbs[] = {
    {.verb = "customer",
     .action = "duplicates",
     .arguments = "ID",
     .summary = "Show who may be the same person",
     .run = list_duplicates},
    {.verb = "customer",
     .action = "merge-preview",
     .arguments = "ID FROM",
     .summary = "Show what a merge would join",
     .run = preview_merge},
    {.verb = "customer",
     .action = "list",
     .arguments = "",
     .summary = "Show the customers, the newest first",
     .options = list_options,
     .run = list_customers},
    {.verb = "customer",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one with its addresses",
     .run = show_customer},
    {.verb = "customer",
     .action = "timeline",
     .arguments = "ID",
     .summary = "Show its messages over all channels",
     .run = show_timeline},
    {.verb = "customer",
     .action = "rename",
     .arguments = "ID NAME",
     .summary = "Give it another name",
     .run = rename_customer},
    {.verb = "customer",
     .action = "merge",
     .arguments = "ID FROM",
     .summary = "Both are one person: FROM becomes part of ID",
     .run = merge},
    {.verb = "customer",
     .action = "unmerge",
     .arguments = "ID",
     .summary = "Undo that: ID stands for itself again",
     .run = unmerge},
    {0},
};
