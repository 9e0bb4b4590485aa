#include "channels/standard_webhook.h"

#include <string.h>

static GBytes *key_of(const char *secret) {
    const char *text = g_str_has_prefix(secret, STANDARD_WEBHOOK_PREFIX)
                           ? secret + strlen(STANDARD_WEBHOOK_PREFIX)
                           : secret;
    GBytes *key = signature_base64_decode(text, strlen(text));
    return key != NULL ? key : g_bytes_new(secret, strlen(secret));
}

void standard_webhook_mac(const char *secret, const char *id, const char *timestamp, GBytes *body,
                          guint8 mac[SIGNATURE_SIZE]) {
    gsize length;
    const void *bytes = g_bytes_get_data(body, &length);
    const SignatureSpan spans[] = {
        {id, strlen(id)}, {".", 1}, {timestamp, strlen(timestamp)}, {".", 1}, {bytes, length},
    };
    g_autoptr(GBytes) key = key_of(secret);
    signature_make(key, spans, G_N_ELEMENTS(spans), mac);
}

void standard_webhook_sign(HttpRequest *request, const char *const *secrets, const char *id,
                           Instant now) {
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, now / 1000);
    g_autoptr(GString) entries = g_string_new(NULL);
    for (; *secrets != NULL; secrets++) {
        guint8 mac[SIGNATURE_SIZE];
        standard_webhook_mac(*secrets, id, timestamp, request->body, mac);
        g_autofree char *base64 = g_base64_encode(mac, sizeof mac);
        g_string_append_printf(entries, "%sv1,%s", entries->len > 0 ? " " : "", base64);
    }
    http_request_add_header(request, "webhook-id", id);
    http_request_add_header(request, "webhook-timestamp", timestamp);
    if (entries->len > 0)
        http_request_add_header(request, "webhook-signature", entries->str);
}
