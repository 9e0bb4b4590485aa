#include "net/oauth_token.h"

#include <curl/curl.h>
#include <jansson.h>
#include <string.h>

#include "base/error.h"

#define RENEW_BEFORE_MS (5 * 60 * 1000)
#define ANSWER_LIMIT 65536

struct OAuthToken {
    gint references;
    GMutex mutex;
    char *url;
    char *client_id;
    char *client_secret;
    char *refresh_token;
    char *scope;
    char *access_token;
    gint64 ends_at; // monotonic
    OAuthRotated rotated;
    gpointer data;
};

OAuthToken *oauth_token_new(const OAuthGrant *grant, OAuthRotated rotated, gpointer data) {
    OAuthToken *token = g_new0(OAuthToken, 1);
    token->references = 1;
    g_mutex_init(&token->mutex);
    token->url = g_strdup(grant->url);
    token->client_id = g_strdup(grant->client_id);
    token->client_secret = g_strdup(grant->client_secret);
    token->refresh_token = g_strdup(grant->refresh_token);
    token->scope = g_strdup(grant->scope);
    token->rotated = rotated;
    token->data = data;
    return token;
}

OAuthToken *oauth_token_ref(OAuthToken *token) {
    g_atomic_int_inc(&token->references);
    return token;
}

static void secret_text_free(char *text) {
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

void oauth_token_unref(OAuthToken *token) {
    if (!g_atomic_int_dec_and_test(&token->references))
        return;
    g_mutex_clear(&token->mutex);
    g_free(token->url);
    g_free(token->client_id);
    secret_text_free(token->client_secret);
    secret_text_free(token->refresh_token);
    g_free(token->scope);
    secret_text_free(token->access_token);
    g_free(token);
}

static const char *text_member(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

gboolean oauth_answer_decode(const char *body, gsize length, unsigned status, char **access_token,
                             char **refresh_token, gint64 *expires_in_s, GError **error) {
    json_t *answer = json_loadb(body, length, 0, NULL);
    const char *access = text_member(answer, "access_token");
    gboolean is_good = status == 200 && access != NULL && *access != '\0';
    if (is_good) {
        json_t *seconds = json_object_get(answer, "expires_in");
        *access_token = g_strdup(access);
        *refresh_token = g_strdup(text_member(answer, "refresh_token"));
        *expires_in_s = json_is_integer(seconds) ? json_integer_value(seconds) : 3600;
    } else if (status == 400 || status == 401) {
        const char *why = text_member(answer, "error");
        error_set(error, ERROR_UNAUTHENTICATED, "oauth_refused",
                  "The sign-in service refused to renew access (%.60s): sign in again.",
                  why != NULL && g_str_is_ascii(why) ? why : "no reason given");
    } else {
        error_set(error, ERROR_UPSTREAM, "oauth_failed",
                  "The sign-in service answered %u to the renewal of access.", status);
    }
    json_decref(answer);
    return is_good;
}

static void form_add(GString *form, const char *name, const char *value) {
    if (value == NULL)
        return;
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, escaped);
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *data) {
    GString *answer = data;
    if (answer->len + size * count > ANSWER_LIMIT)
        return 0;
    g_string_append_len(answer, bytes, (gssize)(size * count));
    return size * count;
}

static CURLcode post(const OAuthToken *token, GString *answer, long *status) {
    g_autoptr(GString) form = g_string_new(NULL);
    form_add(form, "grant_type", "refresh_token");
    form_add(form, "refresh_token", token->refresh_token);
    form_add(form, "client_id", token->client_id);
    form_add(form, "client_secret", token->client_secret);
    form_add(form, "scope", token->scope);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, token->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->str);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    curl_easy_cleanup(curl);
    explicit_bzero(form->str, form->len);
    return code;
}

static void keep_rotated(OAuthToken *token, char *refresh_token) {
    if (refresh_token == NULL || g_strcmp0(refresh_token, token->refresh_token) == 0) {
        secret_text_free(refresh_token);
        return;
    }
    secret_text_free(token->refresh_token);
    token->refresh_token = refresh_token;
    if (token->rotated != NULL)
        token->rotated(refresh_token, token->data);
}

static gboolean renew(OAuthToken *token, GError **error) {
    if (!g_str_has_prefix(token->url, "https://") &&
        !g_str_has_prefix(token->url, "http://127.0.0.1:")) {
        error_set(error, ERROR_INVALID, "oauth_url",
                  "The token endpoint must be an https address.");
        return FALSE;
    }
    g_autoptr(GString) answer = g_string_new(NULL);
    long status = 0;
    CURLcode code = post(token, answer, &status);
    if (code != CURLE_OK) {
        error_set(error, ERROR_UPSTREAM, "oauth_failed",
                  "The sign-in service could not be asked: %s.", curl_easy_strerror(code));
        return FALSE;
    }
    char *access = NULL, *refresh = NULL;
    gint64 seconds = 0;
    gboolean is_good = oauth_answer_decode(answer->str, answer->len, (unsigned)status, &access,
                                           &refresh, &seconds, error);
    explicit_bzero(answer->str, answer->len);
    if (!is_good)
        return FALSE;
    secret_text_free(token->access_token);
    token->access_token = access;
    token->ends_at = clock_monotonic() + CLAMP(seconds, 0, 86400) * 1000;
    keep_rotated(token, refresh);
    return TRUE;
}

char *oauth_token_get(OAuthToken *token, GError **error) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&token->mutex);
    gboolean is_fresh =
        token->access_token != NULL && clock_monotonic() < token->ends_at - RENEW_BEFORE_MS;
    if (!is_fresh && !renew(token, error))
        return NULL;
    return g_strdup(token->access_token);
}

void oauth_token_expire(OAuthToken *token) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&token->mutex);
    token->ends_at = 0;
}
