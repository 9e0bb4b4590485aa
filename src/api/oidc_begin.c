// The way to a provider of OpenID Connect: who there is, and the address that a browser is sent to,
// for signing in, for accepting an invitation, and for linking an account to the agent who is
// signed in. Identities of the caller are listed and removed here too.
#include <string.h>

#include "api/confirmation.h"
#include "api/field.h"
#include "api/oidc_state.h"
#include "api/resources.h"
#include "api/return_path.h"
#include "api/rows.h"
#include "api/same_origin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "desk/oidc.h"
#include "store/audit.h"
#include "store/oidc.h"
#include "store/token.h"

static void list_providers(ApiCall *call) {
    static const RowsColumn columns[] = {{"id", COLUMN_ID}, {"name", COLUMN_TEXT}, {0}};
    rows_answer_list(
        call, columns,
        "SELECT id, name FROM oidc_provider WHERE removed_at IS NULL ORDER BY name, id LIMIT 100",
        DB_NO_VALUES);
}

static gboolean check_return(const char *return_to, GError **error) {
    if (return_path_is_own(return_to))
        return TRUE;
    error_set(error, ERROR_INVALID, "return_to_invalid",
              "return_to must be a path of dialogd's own pages, such as /inbox");
    return FALSE;
}

static gboolean check_parts(const ApiParts *parts, GError **error) {
    if (parts->oidc == NULL)
        error_set(error, ERROR_UNAVAILABLE, "sign_in_absent",
                  "nobody signs in here: this needs a running dialogd");
    else if (parts->public_url == NULL || parts->public_url[0] == '\0')
        error_set(error, ERROR_CONFLICT, "public_url_missing",
                  "set public_url in the configuration: providers lead back to it");
    else
        return TRUE;
    return FALSE;
}

static void add_parameter(GString *url, const char *name, const char *value) {
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(url, "%c%s=%s", strchr(url->str, '?') != NULL ? '&' : '?', name,
                           escaped);
}

// OpenID Connect Core 3.1.2.1, RFC 7636.
static char *make_location(const ApiParts *parts, const OidcProvider *provider,
                           const OidcState *state, const char *page) {
    guint8 sha256[32];
    char id[ID_TEXT_SIZE];
    g_autofree char *redirect =
        g_strdup_printf("%s/oidc/%s/callback", parts->public_url, id_format(provider->id, id));
    token_hash(state->verifier, sha256);
    g_autofree char *challenge = jwt_base64_encode(sha256, sizeof sha256);
    GString *url = g_string_new(page);
    add_parameter(url, "response_type", "code");
    add_parameter(url, "client_id", provider->client_id);
    add_parameter(url, "redirect_uri", redirect);
    add_parameter(url, "scope", "openid email profile");
    add_parameter(url, "state", state->state);
    add_parameter(url, "nonce", state->nonce);
    add_parameter(url, "code_challenge", challenge);
    add_parameter(url, "code_challenge_method", "S256");
    return g_string_free(url, FALSE);
}

static gboolean answer_location(ApiCall *call, OidcState *state, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    Db *db = check_parts(parts, error) ? api_call_reader(call, error) : NULL;
    g_autoptr(OidcProvider) provider =
        db != NULL ? oidc_provider_get(db, store_key(parts->store), state->provider_id, error)
                   : NULL;
    g_autofree char *page =
        provider != NULL ? oidc_find_page(parts->oidc, provider->issuer, error) : NULL;
    if (page == NULL)
        return FALSE;
    g_autofree char *location = make_location(parts, provider, state, page);
    oidc_state_set_cookie(call, state);
    api_call_answer_json(call, 200, json_pack("{s:s}", "location", location));
    return TRUE;
}

static OidcState *decode_sign_in(ApiCall *call, GError **error) {
    const char *return_to = "/", *invitation = NULL;
    Id id = api_call_path_id(call, "provider", error);
    if (id == 0 ||
        !api_call_unpack(call, error, "{s?s, s?s}", "return_to", &return_to, "invitation",
                         &invitation) ||
        !check_return(return_to, error) ||
        (invitation != NULL && !field_check_line("invitation", invitation, 1, 100, error)))
        return NULL;
    OidcState *state = oidc_state_new(id, return_to);
    state->invitation = g_strdup(invitation);
    return state;
}

// On a thread that may block on the provider.
static void begin_slowly(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(OidcState) state = decode_sign_in(call, &error);
    if (state == NULL || !answer_location(call, state, &error))
        api_call_fail(call, error);
}

static void begin_sign_in(ApiCall *call) {
    GError *error = NULL;
    Attempt attempt = sign_in_attempt(call, ATTEMPT_TICKET, "", NULL);
    if (!same_origin_check(call, &error))
        api_call_fail(call, error);
    else if (sign_in_admit_call(call, &attempt))
        api_call_work_long(call, begin_slowly);
}

static OidcState *decode_link(ApiCall *call, GError **error) {
    const char *return_to = "/";
    json_t *provider;
    Id id = 0;
    if (!api_call_unpack(call, error, "{s:o, s?s}", "provider_id", &provider, "return_to",
                         &return_to) ||
        !field_read_id("provider_id", provider, FALSE, &id, error) ||
        !check_return(return_to, error))
        return NULL;
    OidcState *state = oidc_state_new(id, return_to);
    state->agent_id = api_call_principal(call)->agent_id;
    return state;
}

static void link_slowly(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(OidcState) state = decode_link(call, &error);
    if (state == NULL || !answer_location(call, state, &error))
        api_call_fail(call, error);
}

static void begin_link(ApiCall *call) {
    GError *error = NULL;
    if (confirmation_session(call, &error) && confirmation_check(call, &error))
        api_call_work_long(call, link_slowly);
    else
        api_call_fail(call, error);
}

static void list_identities(ApiCall *call) {
    static const RowsColumn columns[] = {{"id", COLUMN_ID},
                                         {"issuer", COLUMN_TEXT},
                                         {"subject", COLUMN_TEXT},
                                         {"created_at", COLUMN_INSTANT},
                                         {"last_used_at", COLUMN_INSTANT},
                                         {0}};
    rows_answer_list(
        call, columns,
        "SELECT id, issuer, subject, created_at, last_used_at FROM oidc_identity WHERE "
        "agent_id = $1 ORDER BY id LIMIT 100",
        DB_VALUES(DB_ID(api_call_principal(call)->agent_id)));
}

static gboolean write_removed(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    Id agent_id = api_call_principal(call)->agent_id;
    gboolean removed = FALSE;
    if (!oidc_identity_remove(db, id, agent_id, &removed, error))
        return FALSE;
    if (!removed) {
        error_set(error, ERROR_NOT_FOUND, "identity_unknown", "there is no such identity of yours");
        return FALSE;
    }
    if (!audit_add(db, ACTOR_AGENT, agent_id, "identity_removed", "agent", agent_id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_identity(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "identity", &error);
    if (id != 0 && confirmation_session(call, &error) && confirmation_check(call, &error))
        api_call_write(call, write_removed, g_memdup2(&id, sizeof id), g_free);
    else
        api_call_fail(call, error);
}

const ApiRoute api_oidc_begin_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/session/providers",
     .permission = PERMISSION_ANYONE,
     .handler = list_providers},
    {.method = "POST",
     .pattern = "/api/v1/session/providers/{provider}",
     .permission = PERMISSION_ANYONE,
     .handler = begin_sign_in,
     .body_max = 16 * 1024},
    {.method = "GET",
     .pattern = "/api/v1/me/identities",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_identities},
    {.method = "POST",
     .pattern = "/api/v1/me/identities",
     .permission = PERMISSION_SIGNED_IN,
     .handler = begin_link},
    {.method = "DELETE",
     .pattern = "/api/v1/me/identities/{identity}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = remove_identity},
    {0},
};
