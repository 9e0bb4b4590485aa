#include "conf/listen.h"

#include <string.h>

static char *host_of(const char *text, const char *colon) {
    gsize length = (gsize)(colon - text);
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']')
        return g_strndup(text + 1, length - 2);
    return memchr(text, ':', length) == NULL ? g_strndup(text, length) : g_strdup("");
}

gboolean listen_parse(const char *text, char **host, guint16 *port) {
    const char *colon = strrchr(text, ':');
    guint64 number = 0;
    if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &number, NULL))
        return FALSE;
    g_autofree char *found = host_of(text, colon);
    if (!g_hostname_is_ip_address(found))
        return FALSE;
    *host = g_steal_pointer(&found);
    *port = (guint16)number;
    return TRUE;
}
