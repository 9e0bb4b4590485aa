#include "api/oidc_state.h"

#include <string.h>

#include "api/cookie.h"
#include "base/secret.h"
#include "net/jwt.h"

#define VALID_MS (10 * 60 * 1000)
#define OWNER "cookie/oidc"

void oidc_state_free(OidcState *state) {
    if (state == NULL)
        return;
    g_free(state->state);
    g_free(state->nonce);
    g_free(state->verifier);
    g_free(state->return_to);
    g_free(state->invitation);
    g_free(state);
}

OidcState *oidc_state_new(Id provider_id, const char *return_to) {
    OidcState *state = g_new0(OidcState, 1);
    *state = (OidcState){
        .provider_id = provider_id,
        .state = secret_token("", 256),
        .nonce = secret_token("", 256),
        .verifier = secret_token("", 256),
        .return_to = g_strdup(return_to),
        .expires_at = clock_now() + VALID_MS,
    };
    return state;
}

void oidc_state_set_cookie(ApiCall *call, const OidcState *state) {
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s*, s:I, s:I}", "provider",
                             (json_int_t)state->provider_id, "state", state->state, "nonce",
                             state->nonce, "verifier", state->verifier, "return_to",
                             state->return_to, "invitation", state->invitation, "agent",
                             (json_int_t)state->agent_id, "expires", (json_int_t)state->expires_at);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    g_autoptr(GBytes) plain = g_bytes_new_with_free_func(text, strlen(text), free, text);
    g_autoptr(GBytes) sealed = secret_seal(store_key(api_call_parts(call)->store), OWNER, plain);
    gsize length;
    const void *data = g_bytes_get_data(sealed, &length);
    g_autofree char *value = jwt_base64_encode(data, length);
    cookie_set(call, COOKIE_OIDC, value, VALID_MS / 1000);
}

static OidcState *read_json(const json_t *json) {
    OidcState *state = g_new0(OidcState, 1);
    *state = (OidcState){
        .provider_id = json_integer_value(json_object_get(json, "provider")),
        .state = g_strdup(json_string_value(json_object_get(json, "state"))),
        .nonce = g_strdup(json_string_value(json_object_get(json, "nonce"))),
        .verifier = g_strdup(json_string_value(json_object_get(json, "verifier"))),
        .return_to = g_strdup(json_string_value(json_object_get(json, "return_to"))),
        .invitation = g_strdup(json_string_value(json_object_get(json, "invitation"))),
        .agent_id = json_integer_value(json_object_get(json, "agent")),
        .expires_at = json_integer_value(json_object_get(json, "expires")),
    };
    return state;
}

OidcState *oidc_state_read_cookie(const ApiCall *call) {
    g_autofree char *value = cookie_read(call, COOKIE_OIDC);
    g_autoptr(GBytes) sealed = value != NULL ? jwt_base64_decode(value, strlen(value)) : NULL;
    g_autoptr(GBytes) plain =
        sealed != NULL ? secret_open(store_key(api_call_parts(call)->store), OWNER, sealed, NULL)
                       : NULL;
    if (plain == NULL)
        return NULL;
    gsize length;
    const char *text = g_bytes_get_data(plain, &length);
    json_t *json = json_loadb(text, length, 0, NULL);
    g_autoptr(OidcState) state = read_json(json);
    json_decref(json);
    return state->expires_at > clock_now() ? g_steal_pointer(&state) : NULL;
}
