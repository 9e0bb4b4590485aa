// GET /oidc/{provider}/callback: the way back from a provider. The browser must bear the state that
// it was sent with; the code is traded and the ID token checked; then somebody is signed in, or an
// account is linked. Whatever goes wrong leads back to the page, which says it.
#include <string.h>

#include "api/cookie.h"
#include "api/oidc_state.h"
#include "api/resources.h"
#include "api/session_begin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "base/log.h"
#include "desk/oidc.h"
#include "model/role.h"
#include "store/agent.h"
#include "store/audit.h"
#include "store/oidc.h"
#include "store/session.h"
#include "store/ticket.h"
#include "store/token.h"

static void redirect(ApiCall *call, const char *target) {
    cookie_set(call, COOKIE_OIDC, "", 0);
    api_call_add_header(call, "Location", target);
    api_call_answer_empty(call, 303);
}

static void redirect_failure(ApiCall *call, const GError *error) {
    SignIn *sign_in = api_call_parts(call)->sign_in;
    g_autofree char *target = g_strconcat("/app/sign-in?sign_in_error=", error_code(error), NULL);
    if (error_kind(error) != ERROR_UNAUTHENTICATED)
        log_error(error, "provider_sign_in_failed", NULL);
    else if (sign_in != NULL)
        sign_in_failed(sign_in, &(Attempt){.kind = ATTEMPT_TICKET}, 0);
    redirect(call, target);
}

typedef struct {
    OidcState *state;
    OidcProvider *provider;
    Jwt *token;
} Arrival;

static void arrival_free(gpointer data) {
    Arrival *arrival = data;
    oidc_state_free(arrival->state);
    oidc_provider_free(arrival->provider);
    jwt_free(arrival->token);
    g_free(arrival);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arrival, arrival_free)

static gboolean refuse(GError **error, const char *code, const char *why) {
    error_set(error, ERROR_UNAUTHENTICATED, code, "%s", why);
    return FALSE;
}

static gboolean is_same(const char *text, const char *wanted) {
    return text != NULL && wanted != NULL &&
           secret_equal(text, strlen(text), wanted, strlen(wanted));
}

// O03: of this browser, of this provider, of now.
static gboolean check_state(const ApiCall *call, const OidcState *state, Id provider_id,
                            GError **error) {
    if (state != NULL && state->provider_id == provider_id &&
        is_same(api_call_query(call, "state"), state->state))
        return TRUE;
    return refuse(error, "oidc_state", "this browser did not begin this sign-in, or too long ago");
}

// RFC 9207: against mix-up, where the provider says who it is.
static gboolean check_answer(const ApiCall *call, const OidcProvider *provider, GError **error) {
    const char *issuer = api_call_query(call, "iss");
    if (issuer != NULL && strcmp(issuer, provider->issuer) != 0)
        return refuse(error, "oidc_mix_up", "another provider answered");
    if (api_call_query(call, "code") == NULL || api_call_query(call, "error") != NULL)
        return refuse(error, "oidc_refused", "the provider let nobody in");
    return TRUE;
}

static Jwt *redeem(const ApiCall *call, const Arrival *arrival, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    char id[ID_TEXT_SIZE];
    g_autofree char *redirect_uri = g_strdup_printf("%s/oidc/%s/callback", parts->public_url,
                                                    id_format(arrival->provider->id, id));
    OidcReturn back = {
        .issuer = arrival->provider->issuer,
        .client_id = arrival->provider->client_id,
        .client_secret = arrival->provider->client_secret,
        .redirect_uri = redirect_uri,
        .code = api_call_query(call, "code"),
        .verifier = arrival->state->verifier,
        .nonce = arrival->state->nonce,
    };
    return oidc_redeem(parts->oidc, &back, error);
}

static Arrival *receive(ApiCall *call, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    g_autoptr(Arrival) arrival = g_new0(Arrival, 1);
    Id id = api_call_path_id(call, "provider", error);
    arrival->state = oidc_state_read_cookie(call);
    if (id == 0 || !check_state(call, arrival->state, id, error))
        return NULL;
    if (parts->oidc == NULL) {
        error_set(error, ERROR_UNAVAILABLE, "sign_in_absent", "no signing in runs here");
        return NULL;
    }
    Db *db = api_call_reader(call, error);
    arrival->provider =
        db != NULL ? oidc_provider_get(db, store_key(parts->store), id, error) : NULL;
    if (arrival->provider == NULL || !check_answer(call, arrival->provider, error))
        return NULL;
    arrival->token = redeem(call, arrival, error);
    return arrival->token != NULL ? g_steal_pointer(&arrival) : NULL;
}

static const char *claim(const Arrival *arrival, const char *name) {
    return json_string_value(json_object_get(arrival->token->claims, name));
}

static gboolean sign_in_as(ApiCall *call, Db *db, const Arrival *arrival, Id agent_id,
                           GError **error) {
    Id session_id;
    return oidc_identity_note_use(db, arrival->provider->issuer, claim(arrival, "sub"), clock_now(),
                                  error) &&
           session_begin_quietly(call, db, agent_id, "oidc", &session_id, error);
}

static gboolean link_to(Db *db, const Arrival *arrival, Id agent_id, GError **error) {
    return oidc_identity_add(db, arrival->provider->issuer, claim(arrival, "sub"), agent_id,
                             clock_now(), error) &&
           audit_add(db, ACTOR_AGENT, agent_id, "identity_linked", "oidc_provider",
                     arrival->provider->id, NULL, error);
}

// Still the same agent in this browser as the one who asked for the link.
static gboolean check_linker(const ApiCall *call, Db *db, Id agent_id, GError **error) {
    guint8 sha256[32];
    SessionOwner owner = {0};
    gboolean found = FALSE;
    g_autofree char *cookie = cookie_read(call, COOKIE_SESSION);
    if (cookie != NULL) {
        token_hash(cookie, sha256);
        if (!session_find(db, sha256, clock_now(), &owner, &found, error))
            return FALSE;
    }
    return (found && owner.agent_id == agent_id) ||
           refuse(error, "oidc_link", "nobody, or somebody else, is signed in in this browser");
}

static gboolean accept_invitation(ApiCall *call, Db *db, const Arrival *arrival, GError **error) {
    Ticket ticket;
    Instant now = clock_now();
    return ticket_get(db, TICKET_INVITATION, arrival->state->invitation, now, &ticket, error) &&
           ticket_use(db, ticket.id, now, error) && link_to(db, arrival, ticket.agent_id, error) &&
           sign_in_as(call, db, arrival, ticket.agent_id, error);
}

static gboolean is_of_domain(const Arrival *arrival) {
    const char *email = claim(arrival, "email");
    const char *at = email != NULL ? strrchr(email, '@') : NULL;
    json_t *domains = json_loads(arrival->provider->domains, 0, NULL);
    gboolean found = FALSE;
    size_t index;
    const json_t *domain;
    json_array_foreach(domains, index, domain) {
        found = found || (at != NULL && strlen(email) <= 254 &&
                          g_ascii_strcasecmp(at + 1, json_string_value(domain)) == 0);
    }
    json_decref(domains);
    return found && json_is_true(json_object_get(arrival->token->claims, "email_verified"));
}

// A new agent, never one who has the same email address already (O04).
static gboolean let_in(ApiCall *call, Db *db, const Arrival *arrival, GError **error) {
    const char *name = claim(arrival, "name");
    if (arrival->provider->new_role == NULL || !is_of_domain(arrival))
        return refuse(error, "oidc_unknown", "no agent has this account: link it, or be invited");
    g_autofree char *valid = g_utf8_make_valid(name != NULL ? name : claim(arrival, "email"), -1);
    g_autofree char *shown = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), 200));
    g_autofree char *email = g_strdup(claim(arrival, "email"));
    g_strdelimit(shown, "\r\n\t", ' ');
    Agent agent = {.id = id_next(),
                   .email = email,
                   .name = shown,
                   .role = arrival->provider->new_role,
                   .signature = (char[]){""},
                   .created_at = clock_now()};
    return agent_add(db, &agent, error) &&
           audit_add(db, ACTOR_SYSTEM, 0, "agent_added", "agent", agent.id, NULL, error) &&
           link_to(db, arrival, agent.id, error) && sign_in_as(call, db, arrival, agent.id, error);
}

static gboolean arrive(ApiCall *call, Db *db, const Arrival *arrival, GError **error) {
    Id agent_id = 0;
    const OidcState *state = arrival->state;
    if (state->agent_id != 0)
        return check_linker(call, db, state->agent_id, error) &&
               link_to(db, arrival, state->agent_id, error);
    if (!oidc_identity_find(db, arrival->provider->issuer, claim(arrival, "sub"), &agent_id, error))
        return FALSE;
    if (agent_id != 0)
        return sign_in_as(call, db, arrival, agent_id, error);
    return state->invitation != NULL ? accept_invitation(call, db, arrival, error)
                                     : let_in(call, db, arrival, error);
}

// A failure is an answer too, and undoes what was written before it.
static gboolean write_arrival(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Arrival *arrival = data;
    g_autoptr(GError) problem = NULL;
    if (!db_savepoint(db, error))
        return FALSE;
    if (arrive(call, db, arrival, &problem)) {
        Attempt attempt = sign_in_attempt(call, ATTEMPT_TICKET, "", NULL);
        if (api_call_parts(call)->sign_in != NULL) // what oidc_begin.c took
            sign_in_succeeded(api_call_parts(call)->sign_in, &attempt);
        redirect(call, arrival->state->return_to);
        return db_savepoint_release(db, error);
    }
    db_savepoint_undo(db);
    if (error_kind(problem) >= ERROR_UPSTREAM) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    redirect_failure(call, problem);
    return TRUE;
}

// On a thread that may block on the provider.
static void finish_slowly(ApiCall *call) {
    g_autoptr(GError) error = NULL;
    Arrival *arrival = receive(call, &error);
    if (arrival != NULL)
        api_call_write(call, write_arrival, arrival, arrival_free);
    else
        redirect_failure(call, error);
}

static void finish(ApiCall *call) {
    api_call_work_long(call, finish_slowly);
}

const ApiRoute api_oidc_callback_routes[] = {
    {.method = "GET",
     .pattern = "/oidc/{provider}/callback",
     .permission = PERMISSION_ANYONE,
     .handler = finish,
     .query = "*"},
    {0},
};
