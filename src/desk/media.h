// Attachments that providers keep: fetched after their message is stored, through the HTTP client
// and its guard against private addresses, kept as blobs, tried again with growing pauses. Follows
// the store by itself. The message never waits for its files.
#pragma once

#include "desk/channel_directory.h"
#include "net/http_client.h"

typedef struct Media Media;

// Borrows all; begins at once.
Media *media_new(Store *store, ChannelDirectory *channels,
                 HttpClient *client) G_GNUC_WARN_UNUSED_RESULT;

// Waits for what is running. After http_client_stop, before directory and store are closed.
void media_free(Media *media);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Media, media_free)
