// Which addresses on the net we may talk to when a stranger or a setting names the host
// (reliability.md S01-S06). Pure: a socket address in, an answer out. Used by net/curl_guard.h and
// the mail transports on the address that a connection is really made to, so that neither odd
// spellings of an address nor a name that changes its mind get by. Knows nothing of names.
#pragma once

#include <glib.h>
#include <sys/socket.h>

// True for an address of the public internet; false for loopback, private, link-local, multicast,
// reserved and documentation ranges (IANA special-purpose registries, RFC 6890), also where such an
// IPv4 address hides in a mapped, NAT64 or 6to4 one, and for every other family than IPv4 and IPv6.
gboolean address_is_public(const struct sockaddr *address);

// True for 127.0.0.0/8 and ::1, also mapped.
gboolean address_is_loopback(const struct sockaddr *address);

// "192.0.2.1" or "2001:db8::1" without a port; "?" for other families. Owned by the caller.
char *address_format(const struct sockaddr *address) G_GNUC_WARN_UNUSED_RESULT;
