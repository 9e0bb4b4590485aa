// Puts the address policy in front of a curl handle: no connection to an address that is not public
// is opened, and none that another handle opened is used again. Looks at the address that the
// connection really goes to, after all name resolution. Used by every curl handle in net/ whose
// host comes from settings or strangers.
#pragma once

#include <curl/curl.h>
#include <glib.h>

typedef struct {
    gboolean allow_private; // the operator allows every address
    gboolean only_loopback; // no other, because the connection may be in clear
    char refused[64];       // out: the address that was refused; "" when none was
} CurlGuard;

// guard must outlive the handle's transfers. Set its rules before.
void curl_guard_apply(CURL *easy, CurlGuard *guard);
