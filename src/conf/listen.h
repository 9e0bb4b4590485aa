// Addresses to listen on, as written in the configuration. Used by conf and by those who listen.
#pragma once

#include <glib.h>

// "127.0.0.1:8025", "[::1]:8025": an address, never a name, and a port from 0 (any free one) to
// 65535. *host is owned by the caller, without brackets. FALSE when it is not that.
gboolean listen_parse(const char *text, char **host, guint16 *port);
