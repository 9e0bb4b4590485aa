// What the resources of web hooks out share.
#pragma once

#include "api/call.h"

// FALSE with an error (denied) for whoever does not see everything: a hook would show it.
gboolean webhooks_check_viewer(const ApiCall *call, GError **error);
