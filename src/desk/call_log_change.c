#include <string.h>

#include "base/error.h"
#include "desk/call_record.h"
#include "desk/record.h"
#include "store/search_message.h"

static gboolean read_present(Db *db, Id message_id, CallState *state, GError **error) {
    if (!call_record_read(db, message_id, state, error))
        return FALSE;
    if (state->is_removed)
        error_set(error, ERROR_CONFLICT, "call_removed", "this call was taken away");
    return !state->is_removed;
}

static gboolean keep_former(Db *db, const CallState *state, Id agent_id, GError **error) {
    return db_run(db,
                  "INSERT INTO call_log_version (message_id, version, direction, outcome,"
                  " started_at, duration_ms, subject, text, changed_by, changed_at) SELECT m.id,"
                  " l.version, m.direction, l.outcome, m.occurred_at, l.duration_ms, m.subject,"
                  " m.text, $2, $3 FROM call_log l JOIN message m ON m.id = l.message_id WHERE"
                  " m.id = $1",
                  DB_VALUES(DB_ID(state->message_id), DB_ID(agent_id), DB_INSTANT(clock_now())),
                  error) &&
           db_run(db, "UPDATE call_log SET version = version + 1 WHERE message_id = $1",
                  DB_VALUES(DB_ID(state->message_id)), error);
}

static void apply(CallState *state, const CallChange *change) {
    if (change->direction != NULL)
        state->is_inbound = strcmp(change->direction, "in") == 0;
    if (change->outcome != NULL)
        state->outcome = change->outcome;
    if (change->started_at != INSTANT_NONE)
        state->started_at = change->started_at;
    if (change->duration_ms >= 0)
        state->duration_ms = change->duration_ms;
}

static const char *message_state(const CallState *state) {
    CallCount count = call_outcome_count(state->outcome, state->is_inbound);
    if (state->is_inbound)
        return "received";
    return count == CALL_COUNTS_REPLY ? "accepted" : "refused";
}

static gboolean update_message(Db *db, const CallState *state, const CallChange *change,
                               GError **error) {
    json_t *headers =
        json_pack("{s:{s:s, s:s, s:I}}", "call", "kind", state->kind, "outcome",
                  state->outcome->name, "duration_ms", (json_int_t)state->duration_ms);
    g_autofree char *text = json_dumps(headers, JSON_COMPACT);
    json_decref(headers);
    return db_run(db,
                  "UPDATE message SET direction = $2, author = $3, state = $4, occurred_at = $5,"
                  " received_at = $5, headers = $6, subject = COALESCE($7, subject), text ="
                  " COALESCE($8, text), edited_version = edited_version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(state->message_id), DB_TEXT(state->is_inbound ? "in" : "out"),
                            DB_TEXT(state->is_inbound ? "customer" : "agent"),
                            DB_TEXT(message_state(state)), DB_INSTANT(state->started_at),
                            DB_TEXT(text), DB_TEXT(change->subject), DB_TEXT(change->text)),
                  error) &&
           db_run(db, "UPDATE call_log SET outcome = $2, duration_ms = $3 WHERE message_id = $1",
                  DB_VALUES(DB_ID(state->message_id), DB_TEXT(state->outcome->name),
                            DB_INT(state->duration_ms)),
                  error);
}

static gboolean index_again(Db *db, Id message_id, GError **error) {
    g_autoptr(SearchDocument) document = NULL;
    if (!search_message_read(db, message_id, &document, error))
        return FALSE;
    if (document == NULL)
        document = search_document_new();
    return search_change(db, message_id, document, error);
}

// Lists show when something was last said.
static gboolean move_conversation(Db *db, const CallState *state, GError **error) {
    return db_run(db,
                  "UPDATE conversation SET last_message_at = (SELECT max(occurred_at) FROM message"
                  " WHERE conversation_id = $1 AND direction <> 'note') WHERE id = $1",
                  DB_VALUES(DB_ID(state->conversation_id)), error);
}

static gboolean counts_otherwise(const CallState *former, const CallState *state) {
    return call_outcome_count(former->outcome, former->is_inbound) !=
               call_outcome_count(state->outcome, state->is_inbound) ||
           former->started_at != state->started_at;
}

static gboolean count_again(Db *db, const CallState *former, const CallState *state, Id agent_id,
                            GError **error) {
    return !counts_otherwise(former, state) ||
           (call_record_revoke(db, former, agent_id, error) &&
            call_record_count(db, state, former->agent_id, error));
}

gboolean call_log_change(Db *db, Id message_id, const CallChange *change, Id agent_id,
                         GError **error) {
    CallState former;
    if (!read_present(db, message_id, &former, error))
        return FALSE;
    CallState state = former;
    apply(&state, change);
    return keep_former(db, &former, agent_id, error) && update_message(db, &state, change, error) &&
           index_again(db, message_id, error) && move_conversation(db, &state, error) &&
           call_record_event(db, EVENT_CALL_CHANGED, &state, agent_id, error) &&
           count_again(db, &former, &state, agent_id, error);
}

gboolean call_log_remove(Db *db, Id message_id, Id agent_id, GError **error) {
    CallState state;
    if (!read_present(db, message_id, &state, error))
        return FALSE;
    g_autoptr(Event) event =
        event_new(EVENT_REMOVED, state.conversation_id, ACTOR_AGENT, agent_id, NULL);
    event->message_id = message_id;
    event->channel_id = state.channel_id;
    return keep_former(db, &state, agent_id, error) &&
           db_run(db, "UPDATE message SET removed_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(message_id), DB_INSTANT(clock_now())), error) &&
           index_again(db, message_id, error) && record_event(db, event, error) &&
           call_record_revoke(db, &state, agent_id, error);
}
