#include "model/own_id.h"

#include <string.h>

#define MAC_BYTES 16
#define MAC_TEXT (2 * MAC_BYTES)

static void mac_text(const SecretKey *key, const char *purpose, const char *signed_part,
                     gsize length, char text[MAC_TEXT + 1]) {
    guint8 mac[32];
    secret_sign(key, purpose, signed_part, length, mac);
    for (gsize at = 0; at < MAC_BYTES; at++)
        g_snprintf(text + 2 * at, 3, "%02x", mac[at]);
}

char *own_id_make(const SecretKey *key, Id conversation_id, Id message_id, const char *domain) {
    g_autofree char *part =
        g_strdup_printf("c%" G_GINT64_FORMAT ".m%" G_GINT64_FORMAT, conversation_id, message_id);
    char mac[MAC_TEXT + 1];
    mac_text(key, "message-id", part, strlen(part), mac);
    return g_strdup_printf("%s.%s@%s", part, mac, domain);
}

// Reads LETTER DIGITS; returns what follows, or NULL.
static const char *read_id(const char *at, char letter, Id *id) {
    if (*at != letter || !g_ascii_isdigit(at[1]))
        return NULL;
    char *end;
    guint64 value = g_ascii_strtoull(at + 1, &end, 10);
    if (value == 0 || value > G_MAXINT64)
        return NULL;
    *id = (Id)value;
    return end;
}

// TRUE when at reads ".<mac><after>" over the part before it.
static gboolean has_mac(const SecretKey *key, const char *purpose, const char *part, const char *at,
                        char after) {
    if (*at != '.' || strlen(at) < MAC_TEXT + 2 || at[1 + MAC_TEXT] != after)
        return FALSE;
    char mac[MAC_TEXT + 1];
    mac_text(key, purpose, part, (gsize)(at - part), mac);
    return secret_equal(mac, MAC_TEXT, at + 1, MAC_TEXT);
}

gboolean own_id_find(const SecretKey *key, const char *message_id, Id *conversation_id,
                     Id *message) {
    Id conversation, number;
    const char *at = read_id(message_id, 'c', &conversation);
    if (at == NULL || *at != '.')
        return FALSE;
    at = read_id(at + 1, 'm', &number);
    if (at == NULL || !has_mac(key, "message-id", message_id, at, '@'))
        return FALSE;
    if (conversation_id != NULL)
        *conversation_id = conversation;
    if (message != NULL)
        *message = number;
    return TRUE;
}

char *own_token_make(const SecretKey *key, Id conversation_id, const char *address) {
    const char *domain = strrchr(address, '@');
    g_assert(domain != NULL);
    g_autofree char *part = g_strdup_printf("c%" G_GINT64_FORMAT, conversation_id);
    char mac[MAC_TEXT + 1];
    mac_text(key, "plus-token", part, strlen(part), mac);
    return g_strdup_printf("%.*s+%s.%s%s", (int)(domain - address), address, part, mac, domain);
}

gboolean own_token_find(const SecretKey *key, const char *address, Id *conversation_id) {
    Id conversation;
    const char *plus = strchr(address, '+');
    const char *at = plus != NULL ? read_id(plus + 1, 'c', &conversation) : NULL;
    if (at == NULL || !has_mac(key, "plus-token", plus + 1, at, '@'))
        return FALSE;
    if (conversation_id != NULL)
        *conversation_id = conversation;
    return TRUE;
}
