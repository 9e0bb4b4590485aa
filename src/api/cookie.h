// The cookies that dialogd sets in browsers. Under https they bear the __Host- prefix and Secure,
// so that no other host or path can set them; without TLS browsers would refuse those, and plain
// names are used (doc/decisions: cookie-names). Used by authentication and the resources of signing
// in.
#pragma once

#include "api/call.h"

typedef enum {
    COOKIE_SESSION, // s: who is signed in
    COOKIE_DEVICE,  // d: signed in here before; opens nothing, has limits of its own
    COOKIE_OIDC,    // o: on the way to a provider and back
} Cookie;

// The value; owned. NULL when it is absent, or sent more than once: then somebody tosses cookies.
char *cookie_read(const ApiCall *call, Cookie cookie) G_GNUC_WARN_UNUSED_RESULT;

// max_age_s 0: forget it.
void cookie_set(ApiCall *call, Cookie cookie, const char *value, gint64 max_age_s);
