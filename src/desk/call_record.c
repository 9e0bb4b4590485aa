#include "desk/call_record.h"

#include <string.h>

#include "base/error.h"
#include "desk/record.h"

static void read_row(DbRows *rows, CallState *state) {
    *state = (CallState){.message_id = db_rows_id(rows, 0),
                         .conversation_id = db_rows_id(rows, 1),
                         .channel_id = db_rows_id(rows, 2),
                         .identity_id = db_rows_id(rows, 3),
                         .agent_id = db_rows_id(rows, 4),
                         .event_id = db_rows_id(rows, 5),
                         .is_inbound = strcmp(db_rows_text(rows, 7), "in") == 0,
                         .is_removed = !db_rows_is_null(rows, 8),
                         .started_at = db_rows_instant(rows, 10),
                         .duration_ms = db_rows_int(rows, 11),
                         .version = db_rows_int(rows, 12)};
    g_strlcpy(state->kind, db_rows_text(rows, 6), sizeof state->kind);
    state->outcome = call_outcome_find(state->kind, db_rows_text(rows, 9));
}

gboolean call_record_read(Db *db, Id message_id, CallState *state, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT m.id, m.conversation_id, c.channel_id, m.identity_id, m.agent_id,"
                 " l.event_id, l.kind, m.direction, m.removed_at, l.outcome, m.occurred_at,"
                 " l.duration_ms, l.version FROM call_log l JOIN message m ON m.id = l.message_id"
                 " JOIN conversation c ON c.id = m.conversation_id WHERE l.message_id = $1",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    gboolean found = db_rows_next(rows, &problem);
    if (found)
        read_row(rows, state);
    else if (problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "call_unknown", "there is no such call");
    if (problem != NULL)
        g_propagate_error(error, problem);
    return found;
}

static json_t *values_of(const CallState *state) {
    return json_pack("{s:s, s:s, s:s, s:I}", "kind", state->kind, "direction",
                     state->is_inbound ? "in" : "out", "outcome", state->outcome->name,
                     "duration_ms", (json_int_t)state->duration_ms);
}

static Event *event_of(EventType type, const CallState *state, Actor actor, Id actor_id,
                       json_t *data) {
    Event *event = event_new(type, state->conversation_id, actor, actor_id, data);
    event->message_id = state->message_id;
    event->channel_id = state->channel_id;
    return event;
}

gboolean call_record_event(Db *db, EventType type, const CallState *state, Id agent_id,
                           GError **error) {
    g_autoptr(Event) event = event_of(type, state, ACTOR_AGENT, agent_id, values_of(state));
    return record_event(db, event, error);
}

static Event *sent(const CallState *state, Id credit) {
    return event_of(EVENT_MESSAGE_SENT, state, ACTOR_AGENT, credit, json_pack("{s:b}", "phone", 1));
}

static Event *received(const CallState *state, gboolean is_answered) {
    json_t *data = json_pack("{s:I, s:b, s:b}", "received_at", (json_int_t)state->started_at,
                             "automatic", 0, "answered", is_answered);
    return event_of(EVENT_MESSAGE_RECEIVED, state, ACTOR_CUSTOMER, state->identity_id, data);
}

gboolean call_record_count(Db *db, const CallState *state, Id credit, GError **error) {
    CallCount count = call_outcome_count(state->outcome, state->is_inbound);
    if (count == CALL_COUNTS_NOTHING)
        return TRUE;
    g_autoptr(Event) event = count == CALL_COUNTS_REPLY
                                 ? sent(state, credit)
                                 : received(state, count == CALL_COUNTS_ANSWERED);
    event->occurred_at = state->started_at;
    return record_event(db, event, error) &&
           db_run(db, "UPDATE call_log SET event_id = $2 WHERE message_id = $1",
                  DB_VALUES(DB_ID(state->message_id), DB_ID(event->id)), error);
}

gboolean call_record_revoke(Db *db, const CallState *state, Id agent_id, GError **error) {
    if (state->event_id == 0)
        return TRUE;
    g_autoptr(Event) event = event_of(EVENT_CALL_REVOKED, state, ACTOR_AGENT, agent_id,
                                      json_pack("{s:I}", "event", (json_int_t)state->event_id));
    return record_event(db, event, error) &&
           db_run(db, "UPDATE call_log SET event_id = NULL WHERE message_id = $1",
                  DB_VALUES(DB_ID(state->message_id)), error);
}
