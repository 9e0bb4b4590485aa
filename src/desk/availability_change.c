#include "desk/availability_change.h"

#include "base/error.h"
#include "desk/assignment.h"
#include "desk/record.h"

#define GIVEN_AT_ONCE 20 // the agenda gives out the rest

static gboolean check(const AvailabilityChange *change, Instant now, GError **error) {
    if (!change->sets_state || change->until == INSTANT_NONE)
        return TRUE;
    gboolean has_end = change->state != AVAILABILITY_AVAILABLE && change->until > now;
    if (!has_end)
        error_set(error, ERROR_INVALID, "until_invalid",
                  "until must lie ahead, and stands with busy, away or offline only");
    return has_end;
}

static gboolean check_calendar(Db *db, const AvailabilityChange *change, GError **error) {
    if (change->calendar_id == 0)
        return TRUE;
    g_autoptr(Calendar) calendar = calendar_get(db, change->calendar_id, error);
    return calendar != NULL;
}

static void apply(const AvailabilityChange *change, AgentAvailability *agent) {
    if (change->sets_state) {
        agent->by_hand = (Availability){change->state, clock_now(), change->until};
        g_free(agent->reason);
        agent->reason = g_strdup(change->reason);
    }
    if (change->sets_calendar)
        agent->calendar_id = change->calendar_id;
    if (change->sets_capacity)
        agent->capacity = change->capacity;
}

static gboolean record(Db *db, const AvailabilityChange *change, AvailabilityState from,
                       Actor actor, Id actor_id, GError **error) {
    json_t *until = change->until != INSTANT_NONE ? json_integer(change->until) : json_null();
    json_t *data =
        json_pack("{s:I, s:s, s:s, s:o}", "agent", (json_int_t)change->agent_id, "from",
                  availability_name(from), "to", availability_name(change->state), "until", until);
    return record_happening(db, EVENT_AVAILABILITY_CHANGED, 0, actor, actor_id, data, error);
}

gboolean availability_change(Db *db, const AvailabilityChange *change, Actor actor, Id actor_id,
                             GError **error) {
    g_auto(AgentAvailability) agent = {0};
    if (!check(change, clock_now(), error) || !check_calendar(db, change, error) ||
        !agent_availability_get(db, change->agent_id, &agent, error))
        return FALSE;
    AvailabilityState from = agent.by_hand.state;
    apply(change, &agent);
    return agent_availability_set(db, &agent, error) &&
           (!change->sets_state || record(db, change, from, actor, actor_id, error)) &&
           assignment_distribute(db, GIVEN_AT_ONCE, error);
}
