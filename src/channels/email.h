// The kind email: settings only. Its codec lives in mime/, its transports in net/ and desk/; this
// row is what forms, checks and `dialogctl channel add email` are drawn from.
#pragma once

#include "model/channel_kind.h"

extern const ChannelKind channel_email;
