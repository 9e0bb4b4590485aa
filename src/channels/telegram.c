#include "channels/telegram.h"

static const ChannelSetting settings[] = {
    {"token", "Bot token", "What @BotFather gave, 123456789:AA....", SETTING_SECRET, NULL, NULL,
     TRUE},
    {"receive", "Receive by", "webhook needs a public address, poll works behind NAT.",
     SETTING_CHOICE, "poll|webhook", "poll", FALSE},
    {"secret_token", "Secret token", "Telegram sends it with every web hook; made by itself.",
     SETTING_SECRET, NULL, "", FALSE},
    {"secret_token_old", "Former secret token", "Still accepted while the token is changed.",
     SETTING_SECRET, NULL, NULL, FALSE},
    {"api_base", "Server", "Another Bot API server.", SETTING_URL, NULL, "https://api.telegram.org",
     FALSE},
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

const ChannelKind channel_telegram = {
    .name = "telegram",
    .title = "Telegram",
    .abilities = ABILITY_REPLY | ABILITY_ATTACH | ABILITY_QUOTE | ABILITY_WEBHOOK | ABILITY_POLL,
    .text_limit = 4096,
    .text_unit = TEXT_UTF16,
    .settings = settings,
};
