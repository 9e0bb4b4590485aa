// Long polls: for every channel whose kind is asked rather than called, one request after the
// other, with the cursor moved in the same job that keeps what came. One thread; the waiting is
// done by the HTTP client. Backs off when a provider fails, stops a channel whose token is refused.
#pragma once

#include "desk/channel_directory.h"
#include "desk/inbound.h"
#include "net/http_client.h"

typedef struct Poller Poller;

// Borrows all; begins at once and follows the directory.
Poller *poller_new(Store *store, ChannelDirectory *channels, Inbound *inbound,
                   HttpClient *client) G_GNUC_WARN_UNUSED_RESULT;

// After http_client_stop, before the directory is freed.
void poller_free(Poller *poller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Poller, poller_free)
