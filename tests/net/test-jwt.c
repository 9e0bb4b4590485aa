// ID tokens: what is believed and what is not (reliability.md O01, O02).
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/error.h"
#include "net/jwt.h"

#define NOW ((Instant)1800000000000)

typedef struct {
    EVP_PKEY *rsa;
    EVP_PKEY *ec;
    json_t *keys;
} House;

static char *number(EVP_PKEY *key, const char *name, gsize size) {
    BIGNUM *value = NULL;
    guint8 bytes[512];
    g_assert_cmpint(EVP_PKEY_get_bn_param(key, name, &value), ==, 1);
    int length = size > 0 ? (int)size : BN_num_bytes(value);
    BN_bn2binpad(value, bytes, length);
    BN_free(value);
    return jwt_base64_encode(bytes, (gsize)length);
}

static void set_up(House *house, gconstpointer data) {
    (void)data;
    house->rsa = EVP_RSA_gen(2048);
    house->ec = EVP_EC_gen("P-256");
    g_autofree char *n = number(house->rsa, "n", 0);
    g_autofree char *e = number(house->rsa, "e", 0);
    g_autofree char *x = number(house->ec, "qx", 32);
    g_autofree char *y = number(house->ec, "qy", 32);
    house->keys =
        json_pack("{s:[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s, s:s}, {s:s, s:s, s:s}]}", "keys",
                  "kty", "RSA", "kid", "r", "n", n, "e", e, "kty", "EC", "crv", "P-256", "kid", "e",
                  "x", x, "y", y, "kty", "oct", "kid", "o", "k", "c2VjcmV0");
}

static void tear_down(House *house, gconstpointer data) {
    (void)data;
    EVP_PKEY_free(house->rsa);
    EVP_PKEY_free(house->ec);
    json_decref(house->keys);
}

static char *encode_json(json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT);
    char *encoded = jwt_base64_encode(text, strlen(text));
    free(text);
    json_decref(json);
    return encoded;
}

// ECDSA as JWS has it: r and s, 32 bytes each.
static char *sign(EVP_PKEY *key, const char *text) {
    guint8 signature[1024];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
    EVP_DigestSign(context, signature, &length, (const guint8 *)text, strlen(text));
    EVP_MD_CTX_free(context);
    if (EVP_PKEY_base_id(key) == EVP_PKEY_EC) {
        const guint8 *at = signature;
        ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)length);
        guint8 raw[64];
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32);
        ECDSA_SIG_free(pair);
        return jwt_base64_encode(raw, sizeof raw);
    }
    return jwt_base64_encode(signature, length);
}

static json_t *good_claims(void) {
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "iss", "https://id.example", "aud", "us",
                     "sub", "248289761001", "nonce", "n1", "exp", (json_int_t)(NOW / 1000 + 300),
                     "iat", (json_int_t)(NOW / 1000));
}

// Takes header and claims.
static char *make_token(EVP_PKEY *key, json_t *header, json_t *claims) {
    g_autofree char *head = encode_json(header);
    g_autofree char *body = encode_json(claims);
    g_autofree char *text = g_strconcat(head, ".", body, NULL);
    g_autofree char *signature = sign(key, text);
    return g_strconcat(text, ".", signature, NULL);
}

static const char *verdict(const House *house, const char *token) {
    g_autoptr(GError) error = NULL;
    const JwtWanted wanted = {
        .issuer = "https://id.example", .client_id = "us", .nonce = "n1", .now = NOW};
    g_autoptr(Jwt) jwt = jwt_decode(token, strlen(token), &error);
    if (jwt != NULL && jwt_check_signature(jwt, house->keys, &error) &&
        jwt_check_claims(jwt, &wanted, &error))
        return "good";
    g_assert_cmpint(error_kind(error), ==, ERROR_UNAUTHENTICATED);
    return error_code(error);
}

static json_t *header(const char *algorithm, const char *kid) {
    return json_pack("{s:s, s:s*}", "alg", algorithm, "kid", kid);
}

static void test_good_tokens_of_both_kinds_are_taken(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *rsa = make_token(house->rsa, header("RS256", "r"), good_claims());
    g_autofree char *ec = make_token(house->ec, header("ES256", "e"), good_claims());
    g_autofree char *bare = make_token(house->ec, header("ES256", NULL), good_claims());
    g_assert_cmpstr(verdict(house, rsa), ==, "good");
    g_assert_cmpstr(verdict(house, ec), ==, "good");
    g_assert_cmpstr(verdict(house, bare), ==, "good");
}

static void test_other_algorithms_and_keys_are_refused(House *house, gconstpointer data) {
    (void)data;
    const struct {
        json_t *header;
        const char *code;
    } cases[] = {
        {header("none", "r"), "jwt_algorithm"},
        {header("None", NULL), "jwt_algorithm"},
        {header("HS256", "r"), "jwt_algorithm"},
        {header("HS256", "o"), "jwt_algorithm"},
        {header("RS512", "r"), "jwt_algorithm"},
        {header("RS256", "unknown"), "jwt_key_unknown"},
        {header("RS256", "e"), "jwt_key_unknown"},
        {header("ES256", "r"), "jwt_key_unknown"},
        {json_pack("{s:s, s:s, s:s}", "alg", "RS256", "kid", "r", "jku", "https://evil.example/k"),
         "jwt_algorithm"},
        {json_pack("{s:s, s:s, s:s}", "alg", "RS256", "kid", "r", "x5u", "https://evil.example/c"),
         "jwt_algorithm"},
        {json_pack("{s:s, s:s, s:{s:s}}", "alg", "RS256", "kid", "r", "jwk", "kty", "RSA"),
         "jwt_algorithm"},
        {json_pack("{s:s, s:s, s:[s]}", "alg", "RS256", "kid", "r", "crit", "exp"),
         "jwt_algorithm"},
        {json_pack("{s:s, s:s, s:s}", "alg", "RS256", "kid", "r", "typ", "at+jwt"),
         "jwt_algorithm"},
        {json_pack("{}"), "jwt_algorithm"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *token = make_token(house->rsa, cases[at].header, good_claims());
        g_test_message("%zu", at);
        g_assert_cmpstr(verdict(house, token), ==, cases[at].code);
    }
}

static void test_changed_and_unsigned_tokens_are_refused(House *house, gconstpointer data) {
    (void)data;
    EVP_PKEY *other = EVP_RSA_gen(2048);
    g_autofree char *foreign = make_token(other, header("RS256", "r"), good_claims());
    g_autofree char *good = make_token(house->rsa, header("RS256", "r"), good_claims());
    g_autofree char *unsigned_token = g_strndup(good, (gsize)(strrchr(good, '.') - good) + 1);
    g_auto(GStrv) parts = g_strsplit(good, ".", 3);
    json_t *claims = good_claims();
    json_object_set_new(claims, "sub", json_string("1"));
    g_autofree char *body = encode_json(claims);
    g_autofree char *changed = g_strjoin(".", parts[0], body, parts[2], NULL);
    g_assert_cmpstr(verdict(house, foreign), ==, "jwt_signature");
    g_assert_cmpstr(verdict(house, changed), ==, "jwt_signature");
    g_assert_cmpstr(verdict(house, unsigned_token), ==, "jwt_signature");
    EVP_PKEY_free(other);
}

static json_t *with(const char *name, json_t *value) {
    json_t *claims = good_claims();
    if (value != NULL)
        json_object_set_new(claims, name, value);
    else
        json_object_del(claims, name);
    return claims;
}

static void test_claims_of_others_and_other_times_are_refused(House *house, gconstpointer data) {
    (void)data;
    const json_int_t now = NOW / 1000;
    const struct {
        json_t *claims;
        const char *code;
    } cases[] = {
        {with("iss", json_string("https://other.example")), "jwt_issuer"},
        {with("iss", json_string("https://id.example/")), "jwt_issuer"},
        {with("iss", NULL), "jwt_issuer"},
        {with("aud", json_string("them")), "jwt_audience"},
        {with("aud", json_pack("[s, s]", "us", "them")), "jwt_audience"},
        {with("aud", json_pack("[]")), "jwt_audience"},
        {with("aud", NULL), "jwt_audience"},
        {with("azp", json_string("them")), "jwt_audience"},
        {with("azp", json_integer(7)), "jwt_audience"},
        {with("nonce", json_string("n2")), "jwt_nonce"},
        {with("nonce", NULL), "jwt_nonce"},
        {with("exp", json_integer(now - 61)), "jwt_expired"},
        {with("exp", json_string("never")), "jwt_expired"},
        {with("exp", json_real(1e300)), "jwt_expired"},
        {with("exp", NULL), "jwt_expired"},
        {with("nbf", json_integer(now + 61)), "jwt_not_yet"},
        {with("nbf", json_string("soon")), "jwt_not_yet"},
        {with("iat", json_integer(now + 61)), "jwt_not_yet"},
        {with("iat", json_integer(now - 2 * 86400)), "jwt_not_yet"},
        {with("sub", json_string("")), "jwt_subject"},
        {with("sub", NULL), "jwt_subject"},
        {with("exp", json_integer(now - 30)), "good"},
        {with("aud", json_pack("[s]", "us")), "good"},
        {with("azp", json_string("us")), "good"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *token = make_token(house->rsa, header("RS256", "r"), cases[at].claims);
        g_test_message("%zu", at);
        g_assert_cmpstr(verdict(house, token), ==, cases[at].code);
    }
}

static void test_what_is_no_token_is_refused(House *house, gconstpointer data) {
    (void)data;
    g_autofree char *large = g_strnfill(JWT_MAX + 1, 'a');
    static const char *const wrong[] = {"",
                                        ".",
                                        "..",
                                        "a.b",
                                        "a.b.c",
                                        "e30.e30",
                                        "e30.e30.e30.e30",
                                        "e30.W10.e30",
                                        "!.e30.e30",
                                        "e30=.e30.e30",
                                        "e30.bnVsbA.e30",
                                        "eyJhIjoxLCJhIjoyfQ.e30.e30"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        g_assert_cmpstr(verdict(house, wrong[at]), !=, "good");
    g_assert_cmpstr(verdict(house, large), ==, "jwt_invalid");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function) g_test_add("/jwt/" name, House, NULL, set_up, function, tear_down)
    TEST("good tokens of both kinds are taken", test_good_tokens_of_both_kinds_are_taken);
    TEST("O01: other algorithms and keys are refused", test_other_algorithms_and_keys_are_refused);
    TEST("O01: changed and unsigned tokens are refused",
         test_changed_and_unsigned_tokens_are_refused);
    TEST("O02: claims of others and other times are refused",
         test_claims_of_others_and_other_times_are_refused);
    TEST("what is no token is refused", test_what_is_no_token_is_refused);
    return g_test_run();
}
