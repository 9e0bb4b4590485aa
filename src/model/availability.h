// Whether an agent takes new conversations: what was set by hand, how long that holds, and the
// agent's own working hours. Used by assignment and by whoever shows people. Pure.
#pragma once

#include "model/calendar.h"

typedef enum {
    AVAILABILITY_AVAILABLE,
    AVAILABILITY_BUSY,    // works, but takes nothing new
    AVAILABILITY_AWAY,    // gone for a while
    AVAILABILITY_OFFLINE, // not at work
    AVAILABILITIES,
} AvailabilityState;

const char *availability_name(AvailabilityState state); // "available", "busy" ...
gboolean availability_parse(const char *name, AvailabilityState *state);

typedef struct {
    AvailabilityState state; // as set by hand
    Instant since;           // when it was set
    Instant until;           // then the agent is available again; INSTANT_NONE: until set anew
} Availability;

// What holds now: the state by hand until its end; whoever would work outside the hours of the
// calendar (NULL: any hour) is offline.
AvailabilityState availability_effective(const Availability *availability, const Calendar *calendar,
                                         Instant now);

// TRUE for who was set to away or offline by hand and still is. Somebody whose working day is over
// is not absent: they come back in the morning.
gboolean availability_is_absent(const Availability *availability, Instant now);
