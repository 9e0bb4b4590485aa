#include "model/totp.h"

#include <string.h>

#define DIGITS 6
#define MODULUS 1000000

guint totp_code(const guint8 seed[TOTP_SEED_BYTES], gint64 step) {
    guint8 counter[8];
    guint8 mac[20];
    gsize size = sizeof mac;
    for (int at = 0; at < 8; at++)
        counter[at] = (guint8)((guint64)step >> (56 - 8 * at));
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, seed, TOTP_SEED_BYTES);
    g_hmac_update(hmac, counter, sizeof counter);
    g_hmac_get_digest(hmac, mac, &size);
    g_hmac_unref(hmac);
    guint offset = mac[19] & 15; // RFC 4226 5.3
    guint32 word = (guint32)(mac[offset] & 127) << 24 | (guint32)mac[offset + 1] << 16 |
                   (guint32)mac[offset + 2] << 8 | mac[offset + 3];
    return word % MODULUS;
}

static gboolean parse_code(const char *code, guint *number) {
    *number = 0;
    if (strlen(code) != DIGITS)
        return FALSE;
    for (const char *at = code; *at != '\0'; at++) {
        if (!g_ascii_isdigit(*at))
            return FALSE;
        *number = *number * 10 + (guint)(*at - '0');
    }
    return TRUE;
}

gint64 totp_match(const guint8 seed[TOTP_SEED_BYTES], const char *code, Instant now,
                  gint64 last_step) {
    guint number;
    gint64 step = now / TOTP_STEP_MS;
    gint64 found = -1;
    if (!parse_code(code, &number))
        return -1;
    for (gint64 at = step - 1; at <= step + 1; at++)
        if (at > last_step && totp_code(seed, at) == number && found < 0)
            found = at;
    return found;
}

char *totp_base32(const guint8 *bytes, gsize length) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    GString *text = g_string_new(NULL);
    guint bits = 0;
    guint32 word = 0;
    for (gsize at = 0; at < length; at++) {
        word = word << 8 | bytes[at];
        for (bits += 8; bits >= 5; bits -= 5)
            g_string_append_c(text, letters[word >> (bits - 5) & 31]);
    }
    if (bits > 0)
        g_string_append_c(text, letters[word << (5 - bits) & 31]);
    return g_string_free(text, FALSE);
}

char *totp_uri(const guint8 seed[TOTP_SEED_BYTES], const char *issuer, const char *account) {
    g_autofree char *secret = totp_base32(seed, TOTP_SEED_BYTES);
    g_autofree char *issuer_part = g_uri_escape_string(issuer, NULL, FALSE);
    g_autofree char *account_part = g_uri_escape_string(account, "@", FALSE);
    return g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6"
                           "&period=30",
                           issuer_part, account_part, secret, issuer_part);
}
