// The parts of generic's codec that its files share. Private to channels/generic*.c.
#pragma once

#include "model/channel_kind.h"

// ChannelKind.verify, by the channel's way: Standard Webhooks, an HMAC or a token in a header, or
// the unguessable address alone.
gboolean generic_verify(const HttpRequest *request, const ChannelConfig *config, Instant now,
                        GError **error);

// The signature headers of Standard Webhooks on a request of ours; id names the delivery.
void generic_sign(HttpRequest *request, const ChannelConfig *config, const char *id, Instant now);

// ChannelKind.decode.
GPtrArray *generic_decode(GBytes *body, const ChannelConfig *config, GError **error);

// ChannelKind.encode and interpret.
GPtrArray *generic_encode(const Outgoing *outgoing, const ChannelConfig *config, Instant now,
                          GError **error);
void generic_interpret(const HttpAnswer *answer, Receipt *receipt);
