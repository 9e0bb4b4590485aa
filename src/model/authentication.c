#include "model/authentication.h"

#include <string.h>

static const char *skip_space(const char *at) {
    while (g_ascii_isspace(*at))
        at++;
    return at;
}

static gboolean is_of_server(const char *value, const char *authserv_id) {
    const char *at = skip_space(value);
    gsize length = strlen(authserv_id);
    if (g_ascii_strncasecmp(at, authserv_id, length) != 0)
        return FALSE;
    at += length;
    return *at == ';' || g_ascii_isspace(*at);
}

// A result stands at the start of a part between semicolons: "dmarc=pass (policy) header.from=x".
static gboolean part_is_dmarc_pass(const char *part) {
    const char *at = skip_space(part);
    if (g_ascii_strncasecmp(at, "dmarc", 5) != 0)
        return FALSE;
    at = skip_space(at + 5);
    if (*at != '=')
        return FALSE;
    at = skip_space(at + 1);
    return g_ascii_strncasecmp(at, "pass", 4) == 0 && !g_ascii_isalnum(at[4]);
}

// Comments and quoted strings may hold semicolons that a stranger chose: they are blanked first.
static char *blank_comments(const char *value) {
    char *plain = g_strdup(value);
    guint depth = 0;
    gboolean is_quoted = FALSE;
    for (char *at = plain; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0' && (depth > 0 || is_quoted)) {
            at[0] = at[1] = ' ';
            at++;
            continue;
        }
        if (*at == '"' && depth == 0)
            is_quoted = !is_quoted;
        else if (*at == '(' && !is_quoted)
            depth++;
        else if (*at == ')' && !is_quoted && depth > 0)
            *at = ' ', depth--;
        if (depth > 0 || is_quoted)
            *at = ' ';
    }
    return plain;
}

static gboolean says_dmarc_pass(const char *value) {
    g_autofree char *plain = blank_comments(value);
    g_auto(GStrv) parts = g_strsplit(plain, ";", -1);
    for (char **part = parts; *part != NULL; part++)
        if (part_is_dmarc_pass(*part))
            return TRUE;
    return FALSE;
}

gboolean authentication_has_dmarc_pass(const GPtrArray *values, const char *authserv_id) {
    if (authserv_id == NULL)
        return FALSE;
    for (guint at = 0; at < values->len; at++)
        if (is_of_server(values->pdata[at], authserv_id))
            return says_dmarc_pass(values->pdata[at]); // ours stands topmost
    return FALSE;
}
