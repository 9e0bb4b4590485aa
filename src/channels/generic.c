#include "channels/generic.h"

static const ChannelSetting settings[] = {
    {"url", "Send replies to", "Replies are posted here; empty: this channel only receives.",
     SETTING_URL, NULL, NULL, FALSE},
    {"secret", "Secret", "Signs web hooks both ways (Standard Webhooks); made by itself.",
     SETTING_SECRET, NULL, "whsec_", FALSE},
    {"secret_old", "Former secret", "Still accepted while the secret is changed.", SETTING_SECRET,
     NULL, NULL, FALSE},
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

const ChannelKind channel_generic = {
    .name = "generic",
    .title = "Web hook",
    .abilities = ABILITY_REPLY | ABILITY_ATTACH | ABILITY_QUOTE | ABILITY_BEGIN | ABILITY_WEBHOOK,
    .settings = settings,
};
