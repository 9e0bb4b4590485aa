// The listening socket of the LMTP server. Private to net/lmtp_server.
#pragma once

#include <glib.h>

// A path (made anew, mode 0660) or a loopback address and port. -1 with an error (invalid,
// unavailable). *port is 0 for a path.
int lmtp_socket_listen(const char *listen, guint16 *port, GError **error);
