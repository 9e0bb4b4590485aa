// The live check of a channel: asks the provider, or the mail servers, whether the settings work,
// and tells it where to send. Used when a channel is added, changed or checked. Waits for the
// network: only on work threads.
#pragma once

#include <jansson.h>

#include "desk/fetch_settings.h"
#include "net/http_client.h"

// TRUE when all answered well; *address (owned) is set when the provider named the account's own.
// seen gets a line for each thing that was seen. FALSE with an error (invalid, unauthenticated,
// upstream) that says what to do. hook_url: where providers reach this channel, NULL without a
// public address. options: what the configuration says of mail servers.
gboolean channel_check(ChannelConfig *config, HttpClient *client, const FetchOptions *options,
                       const char *hook_url, json_t *seen, char **address, GError **error);
