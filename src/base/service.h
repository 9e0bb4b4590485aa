// What a service tells its manager (systemd's sd_notify, without its library) and asks of the
// kernel for itself. Used by the main programs alone.
#pragma once

#include <glib.h>

// Sends state ("READY=1", "STOPPING=1") to NOTIFY_SOCKET; nothing where that is not set.
void service_notify(const char *state);

// No core dumps and no ptrace by others (secrets are in memory), files for us alone, as many
// descriptors as the hard limit allows, SIGPIPE ignored.
void service_harden(void);
