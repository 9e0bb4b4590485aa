// The table of channel kinds. Read by desk and api to find a kind's codec and declared settings; a
// new kind is one file and one row here. Knows no channels.
#pragma once

#include "model/channel_kind.h"

// The kind of that name, or NULL.
const ChannelKind *registry_find(const char *name);

// All kinds in the order of their names, ended by NULL.
const ChannelKind *const *registry_list(void);
