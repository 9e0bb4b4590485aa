// What changes an agent's availability, working hours and capacity: the row, the event, and those
// who wait for just that. Used by api/availability within writer jobs.
#pragma once

#include "model/event.h"
#include "store/availability.h"

// What is to change; zero and NULL members change nothing.
typedef struct {
    Id agent_id;
    gboolean sets_state;
    AvailabilityState state;
    Instant until;      // with state, not of available ones; INSTANT_NONE: until set anew
    const char *reason; // with state; or NULL
    gboolean sets_calendar;
    Id calendar_id; // 0: works at any hour
    gboolean sets_capacity;
    gint64 capacity; // CAPACITY_UNLIMITED: any number
} AvailabilityChange;

// Errors: not_found (agent, calendar), invalid.
gboolean availability_change(Db *db, const AvailabilityChange *change, Actor actor, Id actor_id,
                             GError **error);
