#include "store/availability.h"

#include "base/error.h"
#include "model/assignment.h"

void agent_availability_clear(AgentAvailability *agent) {
    g_clear_pointer(&agent->reason, g_free);
}

void agent_availability_read(DbRows *rows, int first, AgentAvailability *agent) {
    *agent = (AgentAvailability){
        .agent_id = db_rows_id(rows, first),
        .by_hand = {.since = db_rows_int(rows, first + 2),
                    .until = db_rows_instant(rows, first + 3)},
        .reason = g_strdup(db_rows_text(rows, first + 4)),
        .calendar_id = db_rows_id(rows, first + 5),
        .capacity =
            db_rows_is_null(rows, first + 6) ? CAPACITY_UNLIMITED : db_rows_int(rows, first + 6),
    };
    if (!availability_parse(db_rows_text(rows, first + 1), &agent->by_hand.state))
        agent->by_hand.state = AVAILABILITY_OFFLINE;
}

gboolean agent_availability_get(Db *db, Id agent_id, AgentAvailability *agent, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " AVAILABILITY_COLUMNS " FROM agent WHERE id = $1",
                 DB_VALUES(DB_ID(agent_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure)) {
        agent_availability_read(rows, 0, agent);
        return TRUE;
    }
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean agent_availability_set(Db *db, const AgentAvailability *agent, GError **error) {
    DbValue capacity = agent->capacity == CAPACITY_UNLIMITED ? DB_NULL : DB_INT(agent->capacity);
    return db_run(db,
                  "UPDATE agent SET availability = $2, availability_since = $3,"
                  " availability_until = $4, availability_reason = $5, calendar_id = $6,"
                  " capacity = $7 WHERE id = $1",
                  DB_VALUES(DB_ID(agent->agent_id),
                            DB_TEXT(availability_name(agent->by_hand.state)),
                            DB_INT(agent->by_hand.since), DB_INSTANT(agent->by_hand.until),
                            DB_TEXT(agent->reason), DB_ID(agent->calendar_id), capacity),
                  error);
}

gboolean agent_availability_effective(const AgentAvailability *agent, CalendarShelf *calendars,
                                      Instant now, AvailabilityState *state, GError **error) {
    const Calendar *calendar = NULL;
    if (agent->calendar_id != 0) {
        calendar = calendar_shelf_get(calendars, agent->calendar_id, error);
        if (calendar == NULL)
            return FALSE;
    }
    *state = availability_effective(&agent->by_hand, calendar, now);
    return TRUE;
}
