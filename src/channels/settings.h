// The declared settings of channel kinds: checks of what a person wrote against a kind's table.
// Used by desk/channel_admin and the tests. Pure.
#pragma once

#include "model/channel_kind.h"

// The setting of that name, or NULL.
const ChannelSetting *settings_find(const ChannelKind *kind, const char *name);

// Every value is declared and of its type, every required one is there. FALSE with an error
// (invalid) that names the setting.
gboolean settings_check(const ChannelKind *kind, const ChannelConfig *config, GError **error);

// Sets what the kind declares as default where nothing else is set. For snapshots that codecs read,
// never for what is stored: a later version's default must be able to count.
void settings_fill_defaults(const ChannelKind *kind, ChannelConfig *config);

// Makes the random secrets that the kind wants and nobody gave.
void settings_make_secrets(const ChannelKind *kind, ChannelConfig *config);

// "text", "secret", "number", "boolean", "choice", "url".
const char *settings_type_name(const ChannelSetting *setting);
