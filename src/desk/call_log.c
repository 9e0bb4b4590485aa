#include "desk/call_log.h"

#include <string.h>

#include "desk/assignment.h"
#include "desk/call_place.h"
#include "desk/call_record.h"
#include "desk/record.h"
#include "store/message.h"
#include "store/search_message.h"

static char *headers_of(const CallDraft *draft) {
    json_t *headers =
        json_pack("{s:{s:s, s:s, s:I}}", "call", "kind", draft->kind, "outcome",
                  draft->outcome->name, "duration_ms", (json_int_t)draft->duration_ms);
    char *text = json_dumps(headers, JSON_COMPACT);
    json_decref(headers);
    return text;
}

static gboolean add_message(Db *db, const CallDraft *draft, const CallPlace *place, Id message_id,
                            GError **error) {
    CallCount count = call_outcome_count(draft->outcome, draft->is_inbound);
    gboolean is_sent = count == CALL_COUNTS_REPLY;
    g_autofree char *headers = headers_of(draft);
    MessageRow row = {.id = message_id,
                      .conversation_id = place->conversation.id,
                      .channel_id = place->channel_id,
                      .identity_id = draft->is_inbound ? place->identity_id : 0,
                      .agent_id = draft->agent_id,
                      .direction = draft->is_inbound ? "in" : "out",
                      .author = draft->is_inbound ? "customer" : "agent",
                      .class = strcmp(draft->kind, "phone") == 0 ? "call" : "meeting",
                      .subject = draft->subject,
                      .text = draft->text,
                      .headers = headers,
                      .state = draft->is_inbound ? "received"
                               : is_sent         ? "accepted"
                                                 : "refused",
                      .occurred_at = draft->started_at,
                      .received_at = draft->started_at,
                      .recorded_at = clock_now()};
    return message_add(db, &row, error);
}

static gboolean index_message(Db *db, Id message_id, GError **error) {
    g_autoptr(SearchDocument) document = NULL;
    return search_message_read(db, message_id, &document, error) &&
           search_add(db, message_id, document, error);
}

static gboolean record_begun(Db *db, const CallDraft *draft, const CallPlace *place,
                             GError **error) {
    if (!place->is_new)
        return TRUE;
    g_autoptr(Event) event = event_new(EVENT_CONVERSATION_BEGUN, place->conversation.id,
                                       draft->is_inbound ? ACTOR_CUSTOMER : ACTOR_AGENT,
                                       draft->is_inbound ? place->identity_id : draft->agent_id,
                                       json_pack("{s:s}", "status", "open"));
    event->channel_id = place->channel_id;
    event->occurred_at = draft->started_at;
    return record_event(db, event, error) && assignment_begin(db, event, error);
}

// A missed call opens a resolved conversation again, as a customer's message does.
static gboolean reopen(Db *db, const CallPlace *place, GError **error) {
    const char *status = place->conversation.status;
    if (strcmp(status, "open") == 0)
        return TRUE;
    json_t *data = json_pack("{s:s, s:s}", "from", status, "to", "open");
    return conversation_set_status(db, place->conversation.id, "open", error) &&
           record_happening(db, EVENT_STATUS_CHANGED, place->conversation.id, ACTOR_CUSTOMER,
                            place->identity_id, data, error);
}

static gboolean take_up(Db *db, const CallDraft *draft, const CallPlace *place, GError **error) {
    gboolean is_missed =
        call_outcome_count(draft->outcome, draft->is_inbound) == CALL_COUNTS_MISSED;
    gboolean was_open = strcmp(place->conversation.status, "open") == 0;
    return !is_missed ||
           (reopen(db, place, error) &&
            assignment_settle(db, place->conversation.id,
                              was_open ? ASSIGNMENT_BEGUN : ASSIGNMENT_REOPENED, error));
}

gboolean call_log_add(Db *db, const CallDraft *draft, Id *message_id, GError **error) {
    CallPlace place = {0};
    *message_id = id_next();
    if (!call_place_find(db, draft, &place, error) ||
        !add_message(db, draft, &place, *message_id, error) ||
        !db_run(db,
                "INSERT INTO call_log (message_id, kind, outcome, duration_ms) VALUES ($1, $2, $3,"
                " $4)",
                DB_VALUES(DB_ID(*message_id), DB_TEXT(draft->kind), DB_TEXT(draft->outcome->name),
                          DB_INT(draft->duration_ms)),
                error) ||
        !conversation_touch(db, place.conversation.id, draft->started_at,
                            draft->subject != NULL ? draft->subject : "",
                            draft->is_inbound ? *message_id : 0, error) ||
        !index_message(db, *message_id, error))
        return FALSE;
    CallState state;
    return record_begun(db, draft, &place, error) &&
           call_record_read(db, *message_id, &state, error) &&
           call_record_event(db, EVENT_CALL_LOGGED, &state, draft->agent_id, error) &&
           call_record_count(db, &state, draft->agent_id, error) &&
           take_up(db, draft, &place, error);
}
