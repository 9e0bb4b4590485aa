#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Issuer", "issuer"},
    {"Client", "client_id"},
    {"Domains", "domains"},
    {"New agents' role", "new_role"},
    {0},
};

static const ControlOption add_options[] = {
    {"domain", "NAME", "addresses of it are let in by themselves; may be given several times"},
    {"new-role", "ROLE", "of whoever is let in so; without it only known agents are"},
    {"secret", NULL, "read the client secret from standard input"},
    {0},
};

static const ControlOption change_options[] = {
    {"name", "NAME", "the new name"},
    {"domain", "NAME", "all of the domains, each with its --domain"},
    {"new-role", "ROLE", "of whoever is let in by themselves; \"\" for nobody"},
    {"secret", NULL, "read a new client secret from standard input"},
    {0},
};

static gboolean list_providers(Control *control, GError **error) {
    json_t *providers = control_call(control, "GET", "/api/v1/oidc-providers", NULL, error);
    if (providers != NULL)
        control_print_list(control, providers, columns);
    json_decref(providers);
    return providers != NULL;
}

static gboolean add_secret(Control *control, json_t *body, GError **error) {
    char line[1024];
    if (!control_flag(control, "secret"))
        return TRUE;
    if (isatty(STDIN_FILENO))
        fputs("Client secret: ", stderr);
    if (fgets(line, sizeof line, stdin) == NULL || line[strcspn(line, "\n")] == '\0') {
        error_set(error, ERROR_INVALID, "secret_missing",
                  "give the client secret as one line of standard input");
        return FALSE;
    }
    line[strcspn(line, "\n")] = '\0';
    json_object_set_new(body, "client_secret", json_string(line));
    explicit_bzero(line, sizeof line);
    return TRUE;
}

static void add_common(Control *control, json_t *body) {
    const char *role = control_option(control, "new-role");
    const char *const *domains = control_options(control, "domain");
    json_t *list = domains[0] != NULL ? json_array() : NULL;
    for (; *domains != NULL; domains++)
        json_array_append_new(list, json_string(*domains));
    if (list != NULL)
        json_object_set_new(body, "domains", list);
    if (role != NULL)
        json_object_set_new(body, "new_role", *role != '\0' ? json_string(role) : json_null());
}

// Takes body.
static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    add_common(control, body);
    if (!add_secret(control, body, error)) {
        json_decref(body);
        return FALSE;
    }
    json_t *provider = control_call(control, method, path, body, error);
    if (provider != NULL)
        control_print_record(control, provider, columns);
    json_decref(provider);
    return provider != NULL;
}

static gboolean add_provider(Control *control, GError **error) {
    json_t *body =
        json_pack("{s:s, s:s, s:s}", "name", control_argument(control, 0), "issuer",
                  control_argument(control, 1), "client_id", control_argument(control, 2));
    return send(control, "POST", "/api/v1/oidc-providers", body, error);
}

static gboolean change_provider(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/oidc-providers/%s", control_argument(control, 0));
    json_t *body = json_object();
    if (control_option(control, "name") != NULL)
        json_object_set_new(body, "name", json_string(control_option(control, "name")));
    return send(control, "PATCH", path, body, error);
}

static gboolean remove_provider(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/oidc-providers/%s", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "Removed.");
    json_decref(answer);
    return answer != NULL;
}

const ControlVerb control_oidc_verbs[] = {
    {.verb = "oidc",
     .action = "list",
     .arguments = "",
     .summary = "Show the providers of OpenID Connect",
     .run = list_providers},
    {.verb = "oidc",
     .action = "add",
     .arguments = "NAME ISSUER CLIENT",
     .summary = "Add a provider",
     .options = add_options,
     .run = add_provider},
    {.verb = "oidc",
     .action = "change",
     .arguments = "ID",
     .summary = "Change a provider",
     .options = change_options,
     .run = change_provider},
    {.verb = "oidc",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove a provider",
     .run = remove_provider},
    {0},
};
