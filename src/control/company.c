// dialogctl company: whom customers belong to.
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Domains", "domains"},
    {0},
};

static const ControlColumn conversation_columns[] = {
    {"Id", "id"},
    {"Status", "status"},
    {"Customer", "customer_name"},
    {"Subject", "subject"},
    {"Last message", "last_message_at"},
    {0},
};

static const ControlOption page_options[] = {
    {"limit", "N", "at most so many, to 200"},
    {"cursor", "TEXT", "the page after: next of the page before"},
    {0},
};

static const ControlOption company_options[] = {
    {"name", "NAME", "another name"},
    {"domain", "DOMAIN", "a mail domain of it; may be given several times, and then these are all"},
    {0},
};

static gboolean print_list(Control *control, const char *base, const ControlColumn *list_columns,
                           GError **error) {
    g_autofree char *path = control_query_path(control, base, page_options);
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json != NULL)
        control_print_list(control, json, list_columns);
    json_decref(json);
    return json != NULL;
}

static gboolean list_companies(Control *control, GError **error) {
    return print_list(control, "/api/v1/companies", columns, error);
}

static gboolean list_conversations(Control *control, GError **error) {
    g_autofree char *path =
        control_path("/api/v1/companies/%s/conversations", control_argument(control, 0));
    return print_list(control, path, conversation_columns, error);
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

static json_t *body_of(Control *control, const char *name) {
    json_t *body = json_object();
    const char *const *domains = control_options(control, "domain");
    if (name != NULL)
        json_object_set_new(body, "name", json_string(name));
    if (*domains == NULL)
        return body;
    json_t *list = json_array();
    for (; *domains != NULL; domains++)
        json_array_append_new(list, json_string(*domains));
    json_object_set_new(body, "domains", list);
    return body;
}

static gboolean add_company(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/companies",
                body_of(control, control_argument(control, 0)), error);
}

static gboolean show_company(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/companies/%s", control_argument(control, 0));
    return send(control, "GET", path, NULL, error);
}

static gboolean change_company(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/companies/%s", control_argument(control, 0));
    return send(control, "PATCH", path, body_of(control, control_option(control, "name")), error);
}

static gboolean remove_company(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/companies/%s", control_argument(control, 0));
    return send(control, "DELETE", path, NULL, error);
}

const ControlVerb control_company_verbs[] = {
    {.verb = "company",
     .action = "list",
     .arguments = "",
     .summary = "Show the companies, the newest first",
     .options = page_options,
     .run = list_companies},
    {.verb = "company",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one",
     .run = show_company},
    {.verb = "company",
     .action = "conversations",
     .arguments = "ID",
     .summary = "Show the conversations of its customers",
     .options = page_options,
     .run = list_conversations},
    {.verb = "company",
     .action = "add",
     .arguments = "NAME",
     .summary = "Add a company",
     .options = company_options,
     .run = add_company},
    {.verb = "company",
     .action = "change",
     .arguments = "ID",
     .summary = "Give it another name or other domains",
     .options = company_options,
     .run = change_company},
    {.verb = "company",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove it; its customers stay",
     .run = remove_company},
    {0},
};
