// Standard Webhooks, and two plainer ways for sources that do otherwise.
#include "channels/generic_codec.h"
#include "channels/standard_webhook.h"

#include <string.h>

#include "base/error.h"

#define TOLERANCE_MS (5 * 60 * 1000)
#define ENTRIES_MAX 20

// All entries are looked at whatever the first says.
static gboolean list_has(const char *list, const guint8 mac[SIGNATURE_SIZE]) {
    gboolean found = FALSE;
    for (guint at = 0; at < ENTRIES_MAX && *list != '\0'; at++) {
        gsize length = strcspn(list, " ");
        if (length > 3 && strncmp(list, "v1,", 3) == 0)
            found |= signature_is_base64(mac, list + 3, length - 3);
        list += length + strspn(list + length, " ");
    }
    return found;
}

typedef struct {
    const char *id;
    const char *timestamp;
    GBytes *body;
} Signed;

static gboolean is_signed_by(const char *secret, const Signed *what, const char *list) {
    if (secret == NULL)
        return FALSE;
    guint8 mac[SIGNATURE_SIZE];
    standard_webhook_mac(secret, what->id, what->timestamp, what->body, mac);
    return list_has(list, mac);
}

static gboolean is_recent(const char *timestamp, Instant now) {
    char *end;
    gint64 seconds = g_ascii_strtoll(timestamp, &end, 10);
    if (*timestamp == '\0' || *end != '\0' || seconds < 0 || seconds > G_MAXINT64 / 2000)
        return FALSE;
    return ABS(now - seconds * 1000) <= TOLERANCE_MS;
}

static gboolean verify_standard(const HttpRequest *request, const ChannelConfig *config,
                                Instant now) {
    const char *id = http_header_find(request->headers, "webhook-id");
    const char *timestamp = http_header_find(request->headers, "webhook-timestamp");
    const char *list = http_header_find(request->headers, "webhook-signature");
    if (id == NULL || timestamp == NULL || list == NULL || !is_recent(timestamp, now))
        return FALSE;
    Signed what = {id, timestamp, request->body};
    gboolean present = is_signed_by(channel_config_get(config, "secret"), &what, list);
    gboolean former = is_signed_by(channel_config_get(config, "secret_old"), &what, list);
    return present || former;
}

// "sha256=" before the MAC is usual.
static gboolean is_mac(const guint8 mac[SIGNATURE_SIZE], const char *given) {
    if (g_str_has_prefix(given, "sha256="))
        given += strlen("sha256=");
    return signature_is_hex(mac, given, strlen(given)) ||
           signature_is_base64(mac, given, strlen(given));
}

static gboolean is_body_signed_by(const char *secret, GBytes *body, const char *given) {
    if (secret == NULL)
        return FALSE;
    guint8 mac[SIGNATURE_SIZE];
    gsize length;
    const void *bytes = g_bytes_get_data(body, &length);
    g_autoptr(GBytes) key = g_bytes_new(secret, strlen(secret));
    signature_make(key, &(SignatureSpan){bytes, length}, 1, mac);
    return is_mac(mac, given);
}

static const char *signature_of(const HttpRequest *request, const ChannelConfig *config) {
    const char *header = channel_config_get(config, "signature_header");
    return header != NULL ? http_header_find(request->headers, header) : NULL;
}

static gboolean verify_hmac(const HttpRequest *request, const ChannelConfig *config, Instant now) {
    (void)now;
    const char *given = signature_of(request, config);
    if (given == NULL)
        return FALSE;
    gboolean present =
        is_body_signed_by(channel_config_get(config, "secret"), request->body, given);
    gboolean former =
        is_body_signed_by(channel_config_get(config, "secret_old"), request->body, given);
    return present || former;
}

static gboolean verify_token(const HttpRequest *request, const ChannelConfig *config, Instant now) {
    (void)now;
    const char *given = signature_of(request, config);
    if (given != NULL && g_ascii_strncasecmp(given, "Bearer ", 7) == 0)
        given += 7;
    return signature_is_token(given, channel_config_get(config, "secret"),
                              channel_config_get(config, "secret_old"));
}

static gboolean verify_address(const HttpRequest *request, const ChannelConfig *config,
                               Instant now) {
    (void)request;
    (void)config;
    (void)now;
    return TRUE; // the administrator chose that knowing the address is enough
}

typedef struct {
    const char *name;
    gboolean (*verify)(const HttpRequest *request, const ChannelConfig *config, Instant now);
} Way;

static const Way ways[] = {
    {"standard", verify_standard},
    {"hmac", verify_hmac},
    {"token", verify_token},
    {"address", verify_address},
};

gboolean generic_verify(const HttpRequest *request, const ChannelConfig *config, Instant now,
                        GError **error) {
    const char *name = channel_config_get(config, "verification");
    const Way *way = &ways[0];
    for (gsize at = 0; name != NULL && at < G_N_ELEMENTS(ways); at++)
        if (strcmp(ways[at].name, name) == 0)
            way = &ways[at];
    if (way->verify(request, config, now))
        return TRUE;
    error_set(error, ERROR_UNAUTHENTICATED, "signature_wrong",
              "the signature is missing, wrong or too old");
    return FALSE;
}

void generic_sign(HttpRequest *request, const ChannelConfig *config, const char *id, Instant now) {
    const char *const secrets[] = {channel_config_get(config, "secret"), NULL};
    standard_webhook_sign(request, secrets, id, now);
}
