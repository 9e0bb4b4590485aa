// The kind telegram: a bot of Telegram's Bot API (channels.md 5), by web hook or long poll. Used
// through the registry only.
#pragma once

#include "model/channel_kind.h"

extern const ChannelKind channel_telegram;
