#include "channels/phone.h"

static const ChannelSetting settings[] = {
    {"address", "Number", "Our number, as it is shown.", SETTING_TEXT, NULL, NULL, FALSE},
    {"country_code", "Country code", "Of numbers without one, e.g. 358; empty: such are refused.",
     SETTING_NUMBER, NULL, NULL, FALSE},
    {"trunk_prefix", "Trunk prefix", "What stands before national numbers and is dropped abroad.",
     SETTING_NUMBER, NULL, "0", FALSE},
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

const ChannelKind channel_phone = {
    .name = "phone",
    .title = "Telephone",
    .abilities = ABILITY_SUBJECT | ABILITY_LOG,
    .settings = settings,
};
