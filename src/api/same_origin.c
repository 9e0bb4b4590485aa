#include "api/same_origin.h"

#include <string.h>

#include "base/error.h"

// Cookies are of one host, so a page of that host is ours; the public address may have another.
static gboolean is_ours(const ApiCall *call, const char *origin) {
    const char *host = api_call_header(call, "Host");
    const char *public_url = api_call_parts(call)->public_url;
    const char *at = strstr(origin, "://");
    if (host != NULL && at != NULL && g_ascii_strcasecmp(at + 3, host) == 0)
        return TRUE;
    gsize length = strlen(origin);
    return public_url != NULL && at != NULL &&
           g_ascii_strncasecmp(public_url, origin, length) == 0 &&
           (public_url[length] == '\0' || public_url[length] == '/');
}

gboolean same_origin_check(const ApiCall *call, GError **error) {
    const char *asked = api_call_header(call, "X-Requested-With");
    const char *site = api_call_header(call, "Sec-Fetch-Site");
    const char *origin = api_call_header(call, "Origin");
    if (asked != NULL && strcmp(asked, "dialogd") == 0 &&
        (site == NULL || strcmp(site, "same-origin") == 0) &&
        (origin == NULL || is_ours(call, origin)))
        return TRUE;
    error_set(error, ERROR_DENIED, "cross_site",
              "this must come from dialogd's own page, with the header X-Requested-With: dialogd");
    return FALSE;
}
