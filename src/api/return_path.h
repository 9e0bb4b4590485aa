// Where a browser is led after signing in: a path of our own pages and nothing else (reliability.md
// O05). Pure.
#pragma once

#include <glib.h>

// TRUE for "/x?y#z"; FALSE for whatever a browser could take for another host: "//x", "/\x", a
// control character or a backslash anywhere, also percent-encoded, and for more than 500 bytes.
gboolean return_path_is_own(const char *path);
