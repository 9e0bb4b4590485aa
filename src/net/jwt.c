#include "net/jwt.h"

#include <string.h>

#include "base/error.h"
#include "net/jwt_key.h"

#define LEEWAY_MS 60000
#define LIFE_MAX_MS (24 * G_GINT64_CONSTANT(3600000))
#define SUBJECT_MAX 255 // OpenID Connect Core 2

GBytes *jwt_base64_decode(const char *text, gsize length) {
    g_autoptr(GString) plain = g_string_sized_new(length + 4);
    for (gsize at = 0; at < length; at++) {
        char letter = text[at];
        if (!g_ascii_isalnum(letter) && letter != '-' && letter != '_')
            return NULL;
        g_string_append_c(plain, letter == '-' ? '+' : letter == '_' ? '/' : letter);
    }
    if (length % 4 == 1)
        return NULL;
    while (plain->len % 4 != 0)
        g_string_append_c(plain, '=');
    gsize size = 0;
    guint8 *bytes = g_base64_decode(plain->str, &size);
    return g_bytes_new_take(bytes, size);
}

char *jwt_base64_encode(const void *bytes, gsize length) {
    char *text = length > 0 ? g_base64_encode(bytes, length) : g_strdup("");
    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    char *padding = strchr(text, '=');
    if (padding != NULL)
        *padding = '\0';
    return text;
}

static gboolean refuse(GError **error, const char *code, const char *why) {
    error_set(error, ERROR_UNAUTHENTICATED, code, "the provider's token is refused: %s", why);
    return FALSE;
}

static json_t *decode_object(const char *text, gsize length) {
    g_autoptr(GBytes) bytes = jwt_base64_decode(text, length);
    gsize size = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    json_t *json = size > 0 ? json_loadb(data, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

Jwt *jwt_decode(const char *text, gsize length, GError **error) {
    const char *end = text + length;
    const char *first = length <= JWT_MAX ? memchr(text, '.', length) : NULL;
    const char *second = first != NULL ? memchr(first + 1, '.', (gsize)(end - first - 1)) : NULL;
    g_autoptr(Jwt) jwt = g_new0(Jwt, 1);
    if (second != NULL && memchr(second + 1, '.', (gsize)(end - second - 1)) == NULL) {
        jwt->header = decode_object(text, (gsize)(first - text));
        jwt->claims = decode_object(first + 1, (gsize)(second - first - 1));
        jwt->signature = jwt_base64_decode(second + 1, (gsize)(end - second - 1));
        jwt->signed_part = g_strndup(text, (gsize)(second - text));
    }
    if (jwt->header != NULL && jwt->claims != NULL && jwt->signature != NULL)
        return g_steal_pointer(&jwt);
    refuse(error, "jwt_invalid", "it is no token of three parts");
    return NULL;
}

void jwt_free(Jwt *jwt) {
    if (jwt == NULL)
        return;
    json_decref(jwt->header);
    json_decref(jwt->claims);
    g_clear_pointer(&jwt->signature, g_bytes_unref);
    g_free(jwt->signed_part);
    g_free(jwt);
}

static const char *text_of(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

const char *jwt_key_id(const Jwt *jwt) {
    return text_of(jwt->header, "kid");
}

// What would have us take a key from elsewhere, or understand what we do not.
static gboolean check_header(const Jwt *jwt, GError **error) {
    static const char *const forbidden[] = {"jku", "jwk", "x5u", "x5c", "crit", "zip", "b64"};
    const char *type = text_of(jwt->header, "typ");
    for (gsize at = 0; at < G_N_ELEMENTS(forbidden); at++)
        if (json_object_get(jwt->header, forbidden[at]) != NULL)
            return refuse(error, "jwt_algorithm", "it says where its key is, or more");
    if (type != NULL && g_ascii_strcasecmp(type, "JWT") != 0)
        return refuse(error, "jwt_algorithm", "it is of another type");
    return TRUE;
}

// Without a kid there must be only one key that fits.
static const json_t *find_key(const Jwt *jwt, const json_t *keys, const char *algorithm) {
    const char *wanted = jwt_key_id(jwt);
    const json_t *found = NULL;
    size_t at;
    const json_t *key;
    json_array_foreach(json_object_get(keys, "keys"), at, key) {
        const char *id = text_of(key, "kid");
        if (!jwt_key_fits(key, algorithm) || (wanted != NULL && g_strcmp0(id, wanted) != 0))
            continue;
        if (found != NULL)
            return NULL;
        found = key;
    }
    return found;
}

gboolean jwt_check_signature(const Jwt *jwt, const json_t *keys, GError **error) {
    const char *algorithm = text_of(jwt->header, "alg");
    if (!check_header(jwt, error))
        return FALSE;
    if (g_strcmp0(algorithm, "RS256") != 0 && g_strcmp0(algorithm, "ES256") != 0)
        return refuse(error, "jwt_algorithm", "it must be signed with RS256 or ES256");
    const json_t *key = find_key(jwt, keys, algorithm);
    if (key == NULL)
        return refuse(error, "jwt_key_unknown", "the provider has no such key");
    if (!jwt_key_verify(key, algorithm, jwt->signed_part, jwt->signature))
        return refuse(error, "jwt_signature", "its signature is wrong");
    return TRUE;
}

static gboolean names_client(const json_t *audience, const char *client_id) {
    size_t at;
    const json_t *one;
    if (json_is_string(audience))
        return strcmp(json_string_value(audience), client_id) == 0;
    json_array_foreach(audience, at, one) {
        if (json_is_string(one) && strcmp(json_string_value(one), client_id) == 0)
            return TRUE;
    }
    return FALSE;
}

// azp is asked for where there are other audiences, and must be us wherever it stands.
static gboolean check_audience(const Jwt *jwt, const char *client_id, GError **error) {
    const json_t *audience = json_object_get(jwt->claims, "aud");
    const json_t *party = json_object_get(jwt->claims, "azp");
    gboolean has_others = json_is_array(audience) && json_array_size(audience) > 1;
    gboolean is_party = json_is_string(party) && strcmp(json_string_value(party), client_id) == 0;
    if (names_client(audience, client_id) && (is_party || (party == NULL && !has_others)))
        return TRUE;
    return refuse(error, "jwt_audience", "it is not for us");
}

static gboolean read_instant(const Jwt *jwt, const char *name, Instant *instant) {
    const json_t *value = json_object_get(jwt->claims, name);
    double seconds = json_number_value(value);
    if (!json_is_number(value) || seconds < 0 || seconds > 1e11)
        return FALSE;
    *instant = (Instant)(seconds * 1000);
    return TRUE;
}

static gboolean check_times(const Jwt *jwt, Instant now, GError **error) {
    Instant expires, issued, from;
    if (!read_instant(jwt, "exp", &expires) || expires <= now - LEEWAY_MS)
        return refuse(error, "jwt_expired", "it has expired");
    if (!read_instant(jwt, "iat", &issued) || issued > now + LEEWAY_MS ||
        issued < now - LIFE_MAX_MS)
        return refuse(error, "jwt_not_yet", "it is of another time");
    if (json_object_get(jwt->claims, "nbf") != NULL &&
        (!read_instant(jwt, "nbf", &from) || from > now + LEEWAY_MS))
        return refuse(error, "jwt_not_yet", "it is not valid yet");
    return TRUE;
}

gboolean jwt_check_claims(const Jwt *jwt, const JwtWanted *wanted, GError **error) {
    const char *subject = text_of(jwt->claims, "sub");
    if (g_strcmp0(text_of(jwt->claims, "iss"), wanted->issuer) != 0)
        return refuse(error, "jwt_issuer", "another provider made it");
    if (!check_audience(jwt, wanted->client_id, error) || !check_times(jwt, wanted->now, error))
        return FALSE;
    if (g_strcmp0(text_of(jwt->claims, "nonce"), wanted->nonce) != 0)
        return refuse(error, "jwt_nonce", "it is of another sign-in");
    if (subject == NULL || subject[0] == '\0' || strlen(subject) > SUBJECT_MAX)
        return refuse(error, "jwt_subject", "it does not say who");
    return TRUE;
}
