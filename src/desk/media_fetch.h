// One attachment fetched from its provider. Private to desk/media; waits for the network.
#pragma once

#include "desk/channel_directory.h"
#include "net/http_client.h"
#include "store/attachment.h"

// Its bytes; NULL with an error: invalid where it can never be had, else try again.
GBytes *media_fetch(ChannelDirectory *channels, HttpClient *client,
                    const PendingAttachment *pending, GError **error) G_GNUC_WARN_UNUSED_RESULT;
