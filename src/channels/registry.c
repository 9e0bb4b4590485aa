#include "channels/registry.h"

#include <stdlib.h>
#include <string.h>

#include "channels/email.h"
#include "channels/generic.h"
#include "channels/meeting.h"
#include "channels/phone.h"
#include "channels/telegram.h"

// Sorted by name: found by halving.
static const ChannelKind *const kinds[] = {
    &channel_email, &channel_generic, &channel_meeting, &channel_phone, &channel_telegram, NULL,
};

static int compare(const void *name, const void *kind) {
    return strcmp(name, (*(const ChannelKind *const *)kind)->name);
}

const ChannelKind *registry_find(const char *name) {
    const ChannelKind *const *found =
        bsearch(name, kinds, G_N_ELEMENTS(kinds) - 1, sizeof *kinds, compare);
    return found != NULL ? *found : NULL;
}

const ChannelKind *const *registry_list(void) {
    return kinds;
}
