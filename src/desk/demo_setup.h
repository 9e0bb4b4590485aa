// The people, teams and channels of the demo inbox. Used by demo.c alone.
#pragma once

#include "desk/demo_story.h"
#include "store/store.h"

typedef struct {
    Id agents[DEMO_AGENTS];
    Id channels[DEMO_CHANNELS];
} DemoPeople;

// Adds them in one job. conflict when the store has channels already.
gboolean demo_setup(Store *store, Instant now, DemoPeople *people, GError **error);

// Pauses the channels: what is written later in the demo stays in the queue.
gboolean demo_setup_pause(Store *store, const DemoPeople *people, GError **error);

extern const char *const demo_channel_addresses[DEMO_CHANNELS];
