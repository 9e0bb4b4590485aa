// Meetings with customers, logged by hand: a kind without transport. Read through the registry
// alone.
#pragma once

#include "model/channel_kind.h"

extern const ChannelKind channel_meeting;
