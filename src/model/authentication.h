// What our own mail server found out about a mail's sender (RFC 8601 Authentication-Results).
// Values of other servers, which a stranger can write, are not believed (reliability.md E14). Pure.
#pragma once

#include <glib.h>

// TRUE when a value (of char *, topmost first) that begins with our server's authserv-id says
// dmarc=pass. FALSE when authserv_id is NULL.
gboolean authentication_has_dmarc_pass(const GPtrArray *values, const char *authserv_id);
