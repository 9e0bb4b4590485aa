// What a provider's post means: the channel that it is for, whether it is authentic, and the
// delivery it makes. Used by api/hooks and, for bodies that were polled, by desk/poller. Writes
// nothing.
#pragma once

#include "desk/channel_directory.h"
#include "desk/delivery.h"
#include "net/http_client.h"

// The channel that the request truly came from; NULL with an error (unauthenticated), the same for
// a forged request and for a channel that is not there, and after the same work (reliability.md
// W17).
ChannelConfig *hook_authenticate(ChannelDirectory *directory, const char *kind, const char *key,
                                 const HttpRequest *request, Instant now,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The delivery of an authentic request, prepared; quarantined when it cannot be decoded. source is
// "webhook" or "poll". NULL with an error (unavailable).
Delivery *hook_delivery_new(Store *store, const ChannelConfig *config, const char *source,
                            const HttpRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Tells the provider what it wants to be told of what has come in (a pressed button), if anything.
void hook_acknowledge(HttpClient *client, const ChannelConfig *config, const Delivery *delivery);
