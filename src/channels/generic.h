// The kind generic: any program that posts JSON (channels.md 16, Standard Webhooks), with a mapping
// of JSON members for sources that have a form of their own. Used through the registry only.
#pragma once

#include "model/channel_kind.h"

extern const ChannelKind channel_generic;
