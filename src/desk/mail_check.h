// The live check of an email channel: signs in to the servers that its settings name, and says what
// was seen there. Used by desk/channel_check. Blocks; fetches and sends nothing.
#pragma once

#include <jansson.h>

#include "desk/fetch_settings.h"

// Appends a line to seen for each thing that was seen. FALSE with an error that says what to do.
gboolean mail_check(ChannelConfig *config, const FetchOptions *options, json_t *seen,
                    GError **error);
