#include "channels/meeting.h"

static const ChannelSetting settings[] = {
    {NULL, NULL, NULL, SETTING_TEXT, NULL, NULL, FALSE},
};

const ChannelKind channel_meeting = {
    .name = "meeting",
    .title = "Meeting",
    .abilities = ABILITY_SUBJECT | ABILITY_LOG,
    .settings = settings,
};
