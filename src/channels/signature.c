#include "channels/signature.h"

#include <string.h>

#include "base/secret.h"

void signature_make(GBytes *key, const SignatureSpan *spans, gsize count,
                    guint8 mac[SIGNATURE_SIZE]) {
    gsize length;
    const guchar *bytes = g_bytes_get_data(key, &length);
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, bytes != NULL ? bytes : (const guchar *)"", length);
    for (gsize at = 0; at < count; at++)
        g_hmac_update(hmac, spans[at].data, (gssize)spans[at].length);
    gsize size = SIGNATURE_SIZE;
    g_hmac_get_digest(hmac, mac, &size);
    g_hmac_unref(hmac);
}

static gboolean is_base64(const char *text, gsize length) {
    for (gsize at = 0; at < length; at++)
        if (!g_ascii_isalnum(text[at]) && text[at] != '+' && text[at] != '/')
            return FALSE;
    return length % 4 != 1;
}

GBytes *signature_base64_decode(const char *text, gsize length) {
    while (length > 0 && text[length - 1] == '=')
        length--;
    g_autofree char *plain = g_malloc(length + 4);
    memcpy(plain, text, length);
    for (gsize at = 0; at < length; at++)
        plain[at] = plain[at] == '-' ? '+' : plain[at] == '_' ? '/' : plain[at];
    if (!is_base64(plain, length))
        return NULL;
    gsize padded = length;
    while (padded % 4 != 0)
        plain[padded++] = '=';
    plain[padded] = '\0';
    gsize size = 0;
    guchar *bytes = g_base64_decode(plain, &size);
    return g_bytes_new_take(bytes, size);
}

gboolean signature_is_base64(const guint8 mac[SIGNATURE_SIZE], const char *text, gsize length) {
    g_autoptr(GBytes) given = signature_base64_decode(text, length);
    if (given == NULL)
        return FALSE;
    gsize size;
    const void *bytes = g_bytes_get_data(given, &size);
    return secret_equal(mac, SIGNATURE_SIZE, bytes, size);
}

gboolean signature_is_hex(const guint8 mac[SIGNATURE_SIZE], const char *text, gsize length) {
    char hex[2 * SIGNATURE_SIZE];
    for (guint at = 0; at < SIGNATURE_SIZE; at++) {
        hex[2 * at] = "0123456789abcdef"[mac[at] >> 4];
        hex[2 * at + 1] = "0123456789abcdef"[mac[at] & 15];
    }
    return secret_equal(hex, sizeof hex, text, length);
}

static gboolean is_same(const char *given, const char *secret) {
    return secret != NULL && *secret != '\0' &&
           secret_equal(given, strlen(given), secret, strlen(secret));
}

gboolean signature_is_token(const char *given, const char *secret, const char *former) {
    if (given == NULL)
        return FALSE;
    gboolean is_present = is_same(given, secret);
    gboolean is_former = is_same(given, former);
    return is_present || is_former;
}
