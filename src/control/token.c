#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Agent", "agent_id"},
    {"Name", "name"},
    {"Scopes", "scopes"},
    {"Expires", "expires_at"},
    {"Revoked", "revoked_at"},
    {"Last used", "last_used_at"},
    {0},
};

static const ControlColumn new_columns[] = {
    {"Id", "id"},
    {"Agent", "agent_id"},
    {"Token (shown once)", "token"},
    {0},
};

static const ControlOption add_options[] = {
    {"scope", "PERMISSION", "what it may do; several times; all that the agent may unless given"},
    {"expires", "INSTANT", "such as 2027-01-01T00:00:00Z; never unless given"},
    {0},
};

static gboolean list_tokens(Control *control, GError **error) {
    json_t *tokens = control_call(control, "GET", "/api/v1/tokens", NULL, error);
    if (tokens != NULL)
        control_print_list(control, tokens, columns);
    json_decref(tokens);
    return tokens != NULL;
}

static gboolean add_token(Control *control, GError **error) {
    json_t *body = json_pack("{s:s, s:s}", "agent_id", control_argument(control, 0), "name",
                             control_argument(control, 1));
    const char *expires = control_option(control, "expires");
    if (expires != NULL)
        json_object_set_new(body, "expires_at", json_string(expires));
    const char *const *scopes = control_options(control, "scope");
    json_t *list = scopes[0] != NULL ? json_array() : NULL;
    for (; *scopes != NULL; scopes++)
        json_array_append_new(list, json_string(*scopes));
    if (list != NULL)
        json_object_set_new(body, "scopes", list);
    json_t *token = control_call(control, "POST", "/api/v1/tokens", body, error);
    if (token != NULL)
        control_print_record(control, token, new_columns);
    json_decref(token);
    return token != NULL;
}

static gboolean revoke_token(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/tokens/%s", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "Revoked.");
    json_decref(answer);
    return answer != NULL;
}

const ControlVerb control_token_verbs[] = {
    {.verb = "token",
     .action = "list",
     .arguments = "",
     .summary = "Show the tokens of the API",
     .run = list_tokens},
    {.verb = "token",
     .action = "add",
     .arguments = "AGENT NAME",
     .summary = "Make a token for an agent",
     .options = add_options,
     .run = add_token},
    {.verb = "token",
     .action = "revoke",
     .arguments = "ID",
     .summary = "Revoke a token",
     .run = revoke_token},
    {0},
};
