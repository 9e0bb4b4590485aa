#include "desk/oidc.h"

#include <string.h>

#include "base/error.h"

#define KEPT_MS (60 * 60 * 1000)
#define KEYS_AGAIN_MS 60000 // for an unknown key: not more often
#define TIMEOUT_MS 10000
#define BODY_LIMIT (256 * 1024)
#define ISSUERS_MAX 100

typedef struct {
    json_t *facts;      // of the discovery document
    json_t *keys;       // NULL: not asked yet
    gint64 facts_until; // monotonic
    gint64 keys_at;
} Known;

struct Oidc {
    HttpClient *http;
    HttpPolicy policy;
    char *ca_file;
    GMutex mutex;
    GHashTable *issuers; // text -> Known
};

static void known_free(gpointer data) {
    Known *known = data;
    json_decref(known->facts);
    json_decref(known->keys);
    g_free(known);
}

Oidc *oidc_new(HttpClient *http, gboolean allow_private, const char *ca_file) {
    Oidc *oidc = g_new0(Oidc, 1);
    oidc->http = http;
    oidc->ca_file = ca_file != NULL && *ca_file != '\0' ? g_strdup(ca_file) : NULL;
    oidc->policy = (HttpPolicy){.allow_private = allow_private,
                                .allow_http = allow_private,
                                .body_limit = BODY_LIMIT,
                                .ca_file = oidc->ca_file};
    g_mutex_init(&oidc->mutex);
    oidc->issuers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    return oidc;
}

void oidc_free(Oidc *oidc) {
    if (oidc == NULL)
        return;
    g_hash_table_unref(oidc->issuers);
    g_mutex_clear(&oidc->mutex);
    g_free(oidc->ca_file);
    g_free(oidc);
}

gboolean oidc_check_issuer(const Oidc *oidc, const char *issuer, GError **error) {
    gboolean is_plain = oidc != NULL && oidc->policy.allow_http;
    g_autoptr(GUri) uri = g_uri_parse(issuer, G_URI_FLAGS_NONE, NULL);
    if (uri != NULL && g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
        g_uri_get_query(uri) == NULL && g_uri_get_fragment(uri) == NULL &&
        g_uri_get_userinfo(uri) == NULL &&
        (strcmp(g_uri_get_scheme(uri), "https") == 0 ||
         (is_plain && strcmp(g_uri_get_scheme(uri), "http") == 0)))
        return TRUE;
    error_set(error, ERROR_INVALID, "issuer_invalid",
              "issuer must be an https address without query, as the provider writes it");
    return FALSE;
}

static json_t *ask(Oidc *oidc, HttpRequest *request, const char *what, GError **error) {
    request->timeout_ms = TIMEOUT_MS;
    http_request_add_header(request, "Accept", "application/json");
    g_autoptr(HttpAnswer) answer = http_client_send_wait(oidc->http, request, &oidc->policy);
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    json_t *json = answer->status == 200 && length > 0
                       ? json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL)
                       : NULL;
    if (json_is_object(json))
        return json;
    json_decref(json);
    error_set(error, ERROR_UPSTREAM, "provider_failed", "the provider's %s cannot be had: %s %u",
              what, answer->failure != NULL ? answer->failure : "it answered", answer->status);
    return NULL;
}

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

// OpenID Connect Discovery 4: the document of an issuer names that issuer.
static json_t *discover(Oidc *oidc, const char *issuer, GError **error) {
    const char *slash = g_str_has_suffix(issuer, "/") ? "" : "/";
    g_autofree char *url = g_strconcat(issuer, slash, ".well-known/openid-configuration", NULL);
    json_t *facts = ask(oidc, http_request_new("GET", url), "description", error);
    if (facts == NULL)
        return NULL;
    if (strcmp(text_of(facts, "issuer"), issuer) == 0 &&
        *text_of(facts, "authorization_endpoint") != '\0' &&
        *text_of(facts, "token_endpoint") != '\0' && *text_of(facts, "jwks_uri") != '\0')
        return facts;
    json_decref(facts);
    error_set(error, ERROR_UPSTREAM, "provider_failed",
              "the provider's description is of another issuer, or not whole");
    return NULL;
}

static json_t *find_known(Oidc *oidc, const char *issuer) {
    g_mutex_lock(&oidc->mutex);
    const Known *known = g_hash_table_lookup(oidc->issuers, issuer);
    json_t *facts =
        known != NULL && known->facts_until > clock_monotonic() ? json_incref(known->facts) : NULL;
    g_mutex_unlock(&oidc->mutex);
    return facts;
}

static void remember(Oidc *oidc, const char *issuer, json_t *facts) {
    Known *known = g_new0(Known, 1);
    known->facts = json_deep_copy(facts);
    known->facts_until = clock_monotonic() + KEPT_MS;
    g_mutex_lock(&oidc->mutex);
    if (g_hash_table_size(oidc->issuers) >= ISSUERS_MAX)
        g_hash_table_remove_all(oidc->issuers);
    g_hash_table_replace(oidc->issuers, g_strdup(issuer), known);
    g_mutex_unlock(&oidc->mutex);
}

static json_t *facts_of(Oidc *oidc, const char *issuer, GError **error) {
    json_t *facts = find_known(oidc, issuer);
    if (facts == NULL && (facts = discover(oidc, issuer, error)) != NULL)
        remember(oidc, issuer, facts);
    return facts;
}

char *oidc_find_page(Oidc *oidc, const char *issuer, GError **error) {
    json_t *facts = facts_of(oidc, issuer, error);
    char *page = facts != NULL ? g_strdup(text_of(facts, "authorization_endpoint")) : NULL;
    json_decref(facts);
    return page;
}

// The keys as they were last fetched; again where there are none, or is_missing says that one is
// not among them.
static json_t *keys_of(Oidc *oidc, const char *issuer, const json_t *facts, gboolean is_missing,
                       GError **error) {
    gint64 now = clock_monotonic();
    json_t *keys = NULL;
    g_mutex_lock(&oidc->mutex);
    Known *known = g_hash_table_lookup(oidc->issuers, issuer);
    if (known != NULL && known->keys != NULL &&
        now - known->keys_at < (is_missing ? KEYS_AGAIN_MS : KEPT_MS))
        keys = json_deep_copy(known->keys);
    g_mutex_unlock(&oidc->mutex);
    if (keys != NULL)
        return keys;
    keys = ask(oidc, http_request_new("GET", text_of(facts, "jwks_uri")), "list of keys", error);
    g_mutex_lock(&oidc->mutex);
    known = g_hash_table_lookup(oidc->issuers, issuer);
    if (keys != NULL && known != NULL) {
        json_decref(known->keys);
        known->keys = json_deep_copy(keys);
        known->keys_at = now;
    }
    g_mutex_unlock(&oidc->mutex);
    return keys;
}

static void form_add(GString *form, const char *name, const char *value) {
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, escaped);
}

static gboolean takes_basic(const json_t *facts) {
    const json_t *methods = json_object_get(facts, "token_endpoint_auth_methods_supported");
    size_t at;
    const json_t *method;
    if (!json_is_array(methods))
        return TRUE; // OpenID Connect Discovery 3: the default
    json_array_foreach(methods, at, method) {
        if (g_strcmp0(json_string_value(method), "client_secret_basic") == 0)
            return TRUE;
    }
    return FALSE;
}

// RFC 6749 2.3.1: name and secret are form-encoded first.
static void add_basic(HttpRequest *request, const OidcReturn *back) {
    g_autofree char *id = g_uri_escape_string(back->client_id, NULL, FALSE);
    g_autofree char *secret = g_uri_escape_string(back->client_secret, NULL, FALSE);
    g_autofree char *pair = g_strconcat(id, ":", secret, NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)pair, strlen(pair));
    g_autofree char *value = g_strconcat("Basic ", base64, NULL);
    http_request_add_header(request, "Authorization", value);
}

static HttpRequest *token_request(const json_t *facts, const OidcReturn *back) {
    HttpRequest *request = http_request_new("POST", text_of(facts, "token_endpoint"));
    g_autoptr(GString) form = g_string_new(NULL);
    gboolean is_basic = back->client_secret != NULL && takes_basic(facts);
    form_add(form, "grant_type", "authorization_code");
    form_add(form, "code", back->code);
    form_add(form, "redirect_uri", back->redirect_uri);
    form_add(form, "code_verifier", back->verifier);
    if (is_basic)
        add_basic(request, back);
    else
        form_add(form, "client_id", back->client_id);
    if (back->client_secret != NULL && !is_basic)
        form_add(form, "client_secret", back->client_secret);
    http_request_take_body(request, "application/x-www-form-urlencoded",
                           g_bytes_new(form->str, form->len));
    return request;
}

static gboolean check(Oidc *oidc, const json_t *facts, const OidcReturn *back, const Jwt *jwt,
                      GError **error) {
    g_autoptr(GError) problem = NULL;
    gboolean is_good = FALSE;
    json_t *keys = keys_of(oidc, back->issuer, facts, FALSE, error);
    if (keys == NULL)
        return FALSE;
    is_good = jwt_check_signature(jwt, keys, &problem);
    json_decref(keys);
    if (!is_good && strcmp(error_code(problem), "jwt_key_unknown") == 0) { // they may have changed
        keys = keys_of(oidc, back->issuer, facts, TRUE, error);
        if (keys == NULL)
            return FALSE;
        g_clear_error(&problem);
        is_good = jwt_check_signature(jwt, keys, &problem);
        json_decref(keys);
    }
    if (!is_good) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    JwtWanted wanted = {.issuer = back->issuer,
                        .client_id = back->client_id,
                        .nonce = back->nonce,
                        .now = clock_now()};
    return jwt_check_claims(jwt, &wanted, error);
}

Jwt *oidc_redeem(Oidc *oidc, const OidcReturn *back, GError **error) {
    json_t *facts = facts_of(oidc, back->issuer, error);
    json_t *answer = facts != NULL ? ask(oidc, token_request(facts, back), "token", error) : NULL;
    g_autoptr(Jwt) jwt = NULL;
    if (answer != NULL) {
        const char *token = text_of(answer, "id_token");
        jwt = jwt_decode(token, strlen(token), error);
    }
    gboolean is_good = jwt != NULL && check(oidc, facts, back, jwt, error);
    json_decref(answer);
    json_decref(facts);
    return is_good ? g_steal_pointer(&jwt) : NULL;
}
