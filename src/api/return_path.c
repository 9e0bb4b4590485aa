#include "api/return_path.h"

#include <string.h>

#define PATH_MAX_BYTES 500

static gboolean is_plain(const char *path) {
    if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return FALSE;
    for (const char *at = path; *at != '\0'; at++)
        if ((guchar)*at <= ' ' || (guchar)*at >= 127 || *at == '\\')
            return FALSE;
    return TRUE;
}

// Twice, for what somebody decodes on the way.
gboolean return_path_is_own(const char *path) {
    if (strlen(path) > PATH_MAX_BYTES || !is_plain(path))
        return FALSE;
    g_autofree char *once = g_uri_unescape_string(path, NULL);
    g_autofree char *twice = once != NULL ? g_uri_unescape_string(once, NULL) : NULL;
    const char *const forms[] = {once, twice != NULL ? twice : once};
    for (gsize at = 0; at < G_N_ELEMENTS(forms); at++) {
        if (forms[at] == NULL || forms[at][1] == '/' || strchr(forms[at], '\\') != NULL)
            return FALSE;
        for (const char *letter = forms[at]; *letter != '\0'; letter++)
            if ((guchar)*letter < ' ' || *letter == 127)
                return FALSE;
    }
    return TRUE;
}
