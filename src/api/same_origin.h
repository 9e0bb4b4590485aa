// Whether a request that changes something and is authorized by a cookie comes from our own page
// (reliability.md A13): a header that no form can send, and no word of the browser that it comes
// from elsewhere. Used by authentication and by the resources that set cookies.
#pragma once

#include "api/call.h"

// FALSE with an error (denied: cross_site).
gboolean same_origin_check(const ApiCall *call, GError **error);
