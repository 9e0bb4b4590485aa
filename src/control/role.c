#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"}, {"Name", "name"}, {"Permissions", "permissions"}, {"Built in", "built_in"}, {0},
};

static gboolean list_roles(Control *control, GError **error) {
    json_t *roles = control_call(control, "GET", "/api/v1/roles", NULL, error);
    if (roles != NULL)
        control_print_list(control, roles, columns);
    json_decref(roles);
    return roles != NULL;
}

// NAME PERMISSION... from the nth argument on.
static json_t *role_body(const Control *control, guint at) {
    json_t *permissions = json_array();
    const char *name = control_argument(control, at);
    while (control_argument(control, ++at) != NULL)
        json_array_append_new(permissions, json_string(control_argument(control, at)));
    return json_pack("{s:s, s:o}", "name", name, "permissions", permissions);
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    json_t *role = control_call(control, method, path, body, error);
    if (role != NULL)
        control_print_record(control, role, columns);
    json_decref(role);
    return role != NULL;
}

static gboolean add_role(Control *control, GError **error) {
    return send(control, "POST", "/api/v1/roles", role_body(control, 0), error);
}

static gboolean change_role(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/roles/%s", control_argument(control, 0));
    return send(control, "PUT", path, role_body(control, 1), error);
}

static gboolean remove_role(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/roles/%s", control_argument(control, 0));
    json_t *nothing = control_call(control, "DELETE", path, NULL, error);
    json_decref(nothing);
    return nothing != NULL;
}

static gboolean list_permissions(Control *control, GError **error) {
    static const ControlColumn names[] = {{0}};
    json_t *json = control_call(control, "GET", "/api/v1/permissions", NULL, error);
    size_t at;
    const json_t *name;
    if (json != NULL && control_is_json(control))
        control_print_list(control, json, names);
    else
        json_array_foreach(json_object_get(json, "items"), at, name)
            control_say(control, "%s", json_string_value(name));
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_role_verbs[] = {
    {.verb = "role",
     .action = "list",
     .arguments = "",
     .summary = "Show the roles and what they may do",
     .run = list_roles},
    {.verb = "role",
     .action = "permissions",
     .arguments = "",
     .summary = "Show the permissions that a role can have",
     .run = list_permissions},
    {.verb = "role",
     .action = "add",
     .arguments = "NAME PERMISSION...",
     .summary = "Make a role",
     .run = add_role},
    {.verb = "role",
     .action = "change",
     .arguments = "ID NAME PERMISSION...",
     .summary = "Give a role another name or other permissions",
     .run = change_role},
    {.verb = "role",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove a role that no agent has",
     .run = remove_role},
    {0},
};
