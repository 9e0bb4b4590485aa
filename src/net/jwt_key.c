#include "net/jwt_key.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "net/jwt.h"

#define RSA_BITS_LOW 2048
#define RSA_BITS_HIGH 8192
#define NUMBER_MAX 2048 // letters of base64
#define EC_BYTES 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

gboolean jwt_key_fits(const json_t *key, const char *algorithm) {
    const char *use = text_of(key, "use");
    const char *own = text_of(key, "alg");
    const char *type = strcmp(algorithm, "RS256") == 0 ? "RSA" : "EC";
    return strcmp(text_of(key, "kty"), type) == 0 && (*use == '\0' || strcmp(use, "sig") == 0) &&
           (*own == '\0' || strcmp(own, algorithm) == 0) &&
           (strcmp(type, "EC") != 0 || strcmp(text_of(key, "crv"), "P-256") == 0);
}

static GBytes *number_of(const json_t *key, const char *name) {
    const char *text = text_of(key, name);
    gsize length = strlen(text);
    return length > 0 && length <= NUMBER_MAX ? jwt_base64_decode(text, length) : NULL;
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *builder) {
    g_autoptr(OSSL_PARAM) parameters = OSSL_PARAM_BLD_to_param(builder);
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;
    if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return NULL;
    return key;
}

static BIGNUM *big_number(GBytes *bytes) {
    gsize length;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    return BN_bin2bn(data, (int)length, NULL);
}

static EVP_PKEY *rsa_key(const json_t *key) {
    g_autoptr(GBytes) modulus_bytes = number_of(key, "n");
    g_autoptr(GBytes) exponent_bytes = number_of(key, "e");
    if (modulus_bytes == NULL || exponent_bytes == NULL || g_bytes_get_size(exponent_bytes) > 8)
        return NULL;
    g_autoptr(BIGNUM) modulus = big_number(modulus_bytes);
    g_autoptr(BIGNUM) exponent = big_number(exponent_bytes);
    int bits = BN_num_bits(modulus);
    if (bits < RSA_BITS_LOW || bits > RSA_BITS_HIGH)
        return NULL;
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    return key_from("RSA", builder);
}

static EVP_PKEY *ec_key(const json_t *key) {
    guint8 point[1 + 2 * EC_BYTES] = {4}; // uncompressed
    static const char *const names[] = {"x", "y"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        g_autoptr(GBytes) number = number_of(key, names[at]);
        if (number == NULL || g_bytes_get_size(number) != EC_BYTES)
            return NULL;
        memcpy(point + 1 + at * EC_BYTES, g_bytes_get_data(number, NULL), EC_BYTES);
    }
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
    return key_from("EC", builder);
}

// RFC 7518 3.4: r and s one after the other; OpenSSL wants DER.
static GBytes *ec_signature(GBytes *signature) {
    gsize length;
    const guint8 *data = g_bytes_get_data(signature, &length);
    if (length != 2 * EC_BYTES)
        return NULL;
    g_autoptr(ECDSA_SIG) pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(data, EC_BYTES, NULL),
                   BN_bin2bn(data + EC_BYTES, EC_BYTES, NULL));
    unsigned char *der = NULL;
    int size = i2d_ECDSA_SIG(pair, &der);
    GBytes *bytes = size > 0 ? g_bytes_new(der, (gsize)size) : NULL;
    OPENSSL_free(der);
    return bytes;
}

static gboolean verify(EVP_PKEY *key, const char *text, GBytes *signature) {
    gsize length;
    const guint8 *data = g_bytes_get_data(signature, &length);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    return EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
           EVP_DigestVerify(context, data, length, (const guint8 *)text, strlen(text)) == 1;
}

gboolean jwt_key_verify(const json_t *key, const char *algorithm, const char *text,
                        GBytes *signature) {
    gboolean is_rsa = strcmp(algorithm, "RS256") == 0;
    g_autoptr(EVP_PKEY) public_key = is_rsa ? rsa_key(key) : ec_key(key);
    g_autoptr(GBytes) plain = is_rsa ? g_bytes_ref(signature) : ec_signature(signature);
    return public_key != NULL && plain != NULL && verify(public_key, text, plain);
}
