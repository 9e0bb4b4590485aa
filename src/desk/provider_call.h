// Calls to providers for a channel: which addresses and sizes are allowed for the requests that its
// codec makes. Used by hooks, polls, media and the administration of channels. Keeps nothing.
#pragma once

#include "net/http_client.h"

// An operator's own settings may name private addresses and plain HTTP; a URL that a stranger named
// may not.
HttpPolicy provider_policy(const HttpRequest *request, gsize body_limit);

// Takes request and forgets about the answer.
void provider_tell(HttpClient *client, HttpRequest *request);
