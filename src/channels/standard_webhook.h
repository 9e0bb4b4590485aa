// Standard Webhooks (https://www.standardwebhooks.com): the MAC covers "id.timestamp.body" under
// the base64 of the secret. Used by the generic kind both ways and by the web hooks out. Pure.
#pragma once

#include "channels/signature.h"
#include "model/channel_kind.h"

#define STANDARD_WEBHOOK_PREFIX "whsec_" // of secrets

// The MAC of one secret; one that is no base64 is taken as it is written.
void standard_webhook_mac(const char *secret, const char *id, const char *timestamp, GBytes *body,
                          guint8 mac[SIGNATURE_SIZE]);

// Sets webhook-id, webhook-timestamp and, unless there is no secret, webhook-signature with one
// entry for each of the secrets (NULL-ended), so that both are valid while one is changed.
void standard_webhook_sign(HttpRequest *request, const char *const *secrets, const char *id,
                           Instant now);
