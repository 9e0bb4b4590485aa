// /api/v1/me/availability and /api/v1/agents/{agent}/availability: who takes new conversations.
#include "api/availability.h"

#include <string.h>

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/json_text.h"
#include "desk/availability_change.h"
#include "model/assignment.h"
#include "store/availability.h"

#define CAPACITY_MAX 10000
#define REASON_MAX 100

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return id != 0 ? json_string(id_format(id, text)) : json_null();
}

static json_t *instant_json(Instant instant) {
    g_autofree char *text = instant != INSTANT_NONE ? instant_format(instant) : NULL;
    return text != NULL ? json_string(text) : json_null();
}

static json_t *availability_json(const AgentAvailability *agent, AvailabilityState effective) {
    gboolean is_set = agent->by_hand.since != 0;
    return json_pack("{s:s, s:s, s:o, s:o, s:s?, s:o, s:o}", "state", availability_name(effective),
                     "by_hand", availability_name(agent->by_hand.state), "since",
                     instant_json(is_set ? agent->by_hand.since : INSTANT_NONE), "until",
                     instant_json(agent->by_hand.until), "reason", agent->reason, "calendar_id",
                     id_json(agent->calendar_id), "capacity",
                     agent->capacity == CAPACITY_UNLIMITED ? json_null()
                                                           : json_integer(agent->capacity));
}

// NULL with an error.
static json_t *row_json(const AgentAvailability *agent, CalendarShelf *calendars, GError **error) {
    AvailabilityState effective;
    if (!agent_availability_effective(agent, calendars, clock_now(), &effective, error))
        return NULL;
    return availability_json(agent, effective);
}

static json_t *load(Db *db, Id agent_id, GError **error) {
    g_auto(AgentAvailability) agent = {0};
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    return agent_availability_get(db, agent_id, &agent, error) ? row_json(&agent, calendars, error)
                                                               : NULL;
}

gboolean availability_add_to(Db *db, json_t *agents, GError **error) {
    size_t at;
    json_t *item;
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    json_array_foreach(agents, at, item) {
        g_auto(AgentAvailability) agent = {0};
        Id id = id_parse(json_string_value(json_object_get(item, "id")), NULL);
        json_t *json = agent_availability_get(db, id, &agent, error)
                           ? row_json(&agent, calendars, error)
                           : NULL;
        if (json == NULL)
            return FALSE;
        json_object_set_new(item, "availability", json);
    }
    return TRUE;
}

// A change with the texts that it points to: they live in the call's body until the answer.
static gboolean read_state(const char *state, const json_t *until, const char *reason,
                           AvailabilityChange *change, GError **error) {
    change->sets_state = state != NULL;
    change->reason = reason;
    if (state != NULL && !availability_parse(state, &change->state)) {
        error_set(error, ERROR_INVALID, "state_unknown",
                  "state must be available, busy, away or offline");
        return FALSE;
    }
    if (state == NULL && (until != NULL || reason != NULL)) {
        error_set(error, ERROR_INVALID, "state_missing", "until and reason stand with a state");
        return FALSE;
    }
    return (until == NULL || field_read_instant("until", until, &change->until, error)) &&
           (reason == NULL || field_check_line("reason", reason, 1, REASON_MAX, error));
}

static gboolean read_capacity(const json_t *capacity, AvailabilityChange *change, GError **error) {
    change->sets_capacity = capacity != NULL;
    change->capacity = CAPACITY_UNLIMITED;
    if (capacity == NULL || json_is_null(capacity))
        return TRUE;
    change->capacity = json_integer_value(capacity);
    if (json_is_integer(capacity) && change->capacity >= 0 && change->capacity <= CAPACITY_MAX)
        return TRUE;
    error_set(error, ERROR_INVALID, "capacity_invalid",
              "capacity must be 0 to %d open conversations, or null for any number", CAPACITY_MAX);
    return FALSE;
}

static gboolean read_calendar(const json_t *calendar, AvailabilityChange *change, GError **error) {
    change->sets_calendar = calendar != NULL;
    return calendar == NULL ||
           field_read_id("calendar_id", calendar, TRUE, &change->calendar_id, error);
}

static gboolean decode_own(ApiCall *call, AvailabilityChange *change, GError **error) {
    const char *state = NULL;
    const char *reason = NULL;
    json_t *until = NULL;
    change->agent_id = api_call_principal(call)->agent_id;
    if (change->agent_id == 0) {
        error_set(error, ERROR_INVALID, "agent_required",
                  "only an agent has an availability: sign in as one");
        return FALSE;
    }
    return api_call_unpack(call, error, "{s:s, s?o, s?s}", "state", &state, "until", &until,
                           "reason", &reason) &&
           read_state(state, until, reason, change, error);
}

static gboolean decode_others(ApiCall *call, AvailabilityChange *change, GError **error) {
    const char *state = NULL;
    const char *reason = NULL;
    json_t *until = NULL;
    json_t *calendar = NULL;
    json_t *capacity = NULL;
    change->agent_id = api_call_path_id(call, "agent", error);
    return change->agent_id != 0 &&
           api_call_unpack(call, error, "{s?s, s?o, s?s, s?o, s?o}", "state", &state, "until",
                           &until, "reason", &reason, "calendar_id", &calendar, "capacity",
                           &capacity) &&
           read_state(state, until, reason, change, error) &&
           read_calendar(calendar, change, error) && read_capacity(capacity, change, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const AvailabilityChange *change = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!availability_change(db, change, actor, actor_id, error))
        return FALSE;
    json_t *json = load(db, change->agent_id, error);
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    return json != NULL;
}

typedef gboolean (*Decode)(ApiCall *call, AvailabilityChange *change, GError **error);

static void decode_and_write(ApiCall *call, Decode decode) {
    GError *error = NULL;
    AvailabilityChange *change = g_new0(AvailabilityChange, 1);
    change->until = INSTANT_NONE;
    if (decode(call, change, &error)) {
        api_call_write(call, write_change, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

static void change_own(ApiCall *call) {
    decode_and_write(call, decode_own);
}

static void change_others(ApiCall *call) {
    decode_and_write(call, decode_others);
}

const ApiRoute api_availability_routes[] = {
    {.method = "PATCH",
     .pattern = "/api/v1/me/availability",
     .permission = PERMISSION_SIGNED_IN,
     .handler = change_own},
    {.method = "PATCH",
     .pattern = "/api/v1/agents/{agent}/availability",
     .permission = PERMISSION_TEAM_MANAGE,
     .handler = change_others},
    {0},
};
