#include "model/availability.h"

#include <string.h>

#include "model/business_time.h"

static const char *const names[AVAILABILITIES] = {
    [AVAILABILITY_AVAILABLE] = "available",
    [AVAILABILITY_BUSY] = "busy",
    [AVAILABILITY_AWAY] = "away",
    [AVAILABILITY_OFFLINE] = "offline",
};

const char *availability_name(AvailabilityState state) {
    return names[state];
}

gboolean availability_parse(const char *name, AvailabilityState *state) {
    for (guint at = 0; at < AVAILABILITIES; at++)
        if (strcmp(names[at], name) == 0) {
            *state = (AvailabilityState)at;
            return TRUE;
        }
    return FALSE;
}

// What was set by hand, or what follows it.
static AvailabilityState state_by_hand(const Availability *availability, Instant now) {
    gboolean is_over = availability->until != INSTANT_NONE && availability->until <= now;
    return is_over ? AVAILABILITY_AVAILABLE : availability->state;
}

AvailabilityState availability_effective(const Availability *availability, const Calendar *calendar,
                                         Instant now) {
    AvailabilityState state = state_by_hand(availability, now);
    gboolean works = state == AVAILABILITY_AVAILABLE || state == AVAILABILITY_BUSY;
    gboolean is_closed = calendar != NULL && !business_time_is_open(calendar, now);
    return works && is_closed ? AVAILABILITY_OFFLINE : state;
}

gboolean availability_is_absent(const Availability *availability, Instant now) {
    AvailabilityState state = state_by_hand(availability, now);
    return state == AVAILABILITY_AWAY || state == AVAILABILITY_OFFLINE;
}
