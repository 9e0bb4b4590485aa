#include "api/cookie.h"

#include <string.h>

#define VALUE_MAX 4000

static const char *const letters[] = {
    [COOKIE_SESSION] = "s", [COOKIE_DEVICE] = "d", [COOKIE_OIDC] = "o"};

static gboolean is_secure(const ApiCall *call) {
    const char *url = api_call_parts(call)->public_url;
    return url != NULL && g_str_has_prefix(url, "https://");
}

static char *name_of(const ApiCall *call, Cookie cookie) {
    return g_strconcat(is_secure(call) ? "__Host-" : "dialogd_", letters[cookie], NULL);
}

static void find_in(const char *header, const char *name, const char **value, guint *count) {
    gsize length = strlen(name);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " ;");
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            *value = at + length + 1;
            ++*count;
        }
        at += strcspn(at, ";");
    }
}

char *cookie_read(const ApiCall *call, Cookie cookie) {
    g_autofree char *name = name_of(call, cookie);
    const GPtrArray *headers = api_call_request(call)->headers;
    const char *value = NULL;
    guint count = 0;
    for (guint at = 0; at < headers->len; at++) {
        const HttpField *field = headers->pdata[at];
        if (g_ascii_strcasecmp(field->name, "Cookie") == 0)
            find_in(field->value, name, &value, &count);
    }
    gsize length = value != NULL ? strcspn(value, "; ") : 0;
    return count == 1 && length > 0 && length <= VALUE_MAX ? g_strndup(value, length) : NULL;
}

void cookie_set(ApiCall *call, Cookie cookie, const char *value, gint64 max_age_s) {
    g_autofree char *name = name_of(call, cookie);
    g_autofree char *header =
        g_strdup_printf("%s=%s; Path=/; Max-Age=%" G_GINT64_FORMAT "; HttpOnly; SameSite=Lax%s",
                        name, value, max_age_s, is_secure(call) ? "; Secure" : "");
    api_call_add_header(call, "Set-Cookie", header);
}
