// How agents stand to new conversations, as rows: state by hand, working hours, capacity. Read by
// api and assignment; written by desk/availability_change within writer jobs.
#pragma once

#include "model/availability.h"
#include "store/calendar.h"
#include "store/db.h"

typedef struct {
    Id agent_id;
    Availability by_hand;
    char *reason;    // or NULL
    Id calendar_id;  // 0: works at any hour
    gint64 capacity; // CAPACITY_UNLIMITED: any number
} AgentAvailability;

void agent_availability_clear(AgentAvailability *agent);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AgentAvailability, agent_availability_clear)

// The columns that agent_availability_read takes, of the table agent.
#define AVAILABILITY_COLUMNS                                                                       \
    "agent.id, agent.availability, agent.availability_since, agent.availability_until, "           \
    "agent.availability_reason, agent.calendar_id, agent.capacity"
#define AVAILABILITY_COLUMN_COUNT 7

// From the columns that begin at first. Clear it afterwards.
void agent_availability_read(DbRows *rows, int first, AgentAvailability *agent);

// not_found: agent_unknown.
gboolean agent_availability_get(Db *db, Id agent_id, AgentAvailability *agent, GError **error);
gboolean agent_availability_set(Db *db, const AgentAvailability *agent, GError **error);

// What holds at the instant, by the agent's calendar of the shelf.
gboolean agent_availability_effective(const AgentAvailability *agent, CalendarShelf *calendars,
                                      Instant now, AvailabilityState *state, GError **error);
