#include "desk/foreign_write.h"

#include "base/error.h"
#include "desk/foreign_settle.h"
#include "desk/record.h"
#include "store/foreign.h"
#include "store/intake.h"
#include "store/message.h"

static char *key_of(const ForeignDoor *door, const ForeignMessage *message) {
    return g_strconcat(door->source, ";", message->id, NULL);
}

static gboolean find_agent(Db *db, const char *address, Id *agent_id, GError **error) {
    gboolean found;
    g_autofree char *normal = party_address_normalize(address);
    *agent_id = 0;
    return db_query_int(db, "SELECT id FROM agent WHERE email = $1", DB_VALUES(DB_TEXT(normal)),
                        agent_id, &found, error);
}

// The row under which a second import knows it again.
static gboolean add_intake(Db *db, const ForeignDoor *door, const ForeignMessage *message,
                           Id *intake_id, gboolean *is_new, GError **error) {
    Id known;
    g_autofree char *key = key_of(door, message);
    *intake_id = id_next();
    return intake_add(db,
                      &(IntakeRow){.id = *intake_id,
                                   .channel_id = door->channel_id,
                                   .source = "import",
                                   .delivery_key = key,
                                   .state = "stored",
                                   .occurred_at = message->incoming->occurred_at,
                                   .received_at = clock_now()},
                      is_new, &known, error);
}

static gboolean add_note_row(Db *db, const ForeignDoor *door, const ForeignMessage *message,
                             Id conversation_id, Id message_id, Id agent_id, GError **error) {
    const Incoming *note = message->incoming;
    Instant now = clock_now();
    json_t *from = json_pack("{s:{s:s, s:s?}}", "from", "address", note->from->address, "name",
                             note->from->name);
    g_autofree char *headers = json_dumps(from, JSON_COMPACT);
    json_decref(from);
    g_autoptr(SearchDocument) document = search_document_new();
    search_document_add_text(document, note->text);
    search_document_set_occurred(document, note->occurred_at);
    return message_add(
               db,
               &(MessageRow){.id = message_id,
                             .conversation_id = conversation_id,
                             .channel_id = door->channel_id,
                             .agent_id = agent_id,
                             .direction = "note",
                             .author = actor_name(agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM),
                             .class = "ordinary",
                             .text = note->text,
                             .headers = headers,
                             .state = "received",
                             .occurred_at = MIN(note->occurred_at, now),
                             .received_at = now,
                             .recorded_at = now},
               error) &&
           search_add(db, message_id, document, error);
}

static gboolean record_note(Db *db, const ForeignDoor *door, const ForeignMessage *message,
                            Id conversation_id, Id message_id, Id agent_id, GError **error) {
    g_autoptr(Event) event = event_new(EVENT_NOTE_ADDED, conversation_id,
                                       agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM, agent_id, NULL);
    event->message_id = message_id;
    event->channel_id = door->channel_id;
    event->occurred_at = MIN(message->incoming->occurred_at, event->recorded_at);
    return record_event(db, event, error);
}

static gboolean write_note(Db *db, const ForeignDoor *door, const ForeignMessage *message,
                           Id conversation_id, gboolean *is_new, GError **error) {
    Id intake_id, agent_id, message_id = id_next();
    if (!add_intake(db, door, message, &intake_id, is_new, error))
        return FALSE;
    if (!*is_new)
        return TRUE;
    return find_agent(db, message->incoming->from->address, &agent_id, error) &&
           add_note_row(db, door, message, conversation_id, message_id, agent_id, error) &&
           record_note(db, door, message, conversation_id, message_id, agent_id, error) &&
           intake_settle(db, intake_id, "stored", NULL, message_id, error);
}

// The conversation that it became, or becomes with its first message.
static gboolean write_message(Db *db, const ForeignDoor *door, Delivery *delivery, Id *place,
                              GError **error) {
    delivery->placed_in = *place;
    if (!inbound_store(db, door->inbound, delivery, error))
        return FALSE;
    if (*place == 0)
        *place = delivery->conversation_id;
    return TRUE;
}

static void count(ForeignCounts *counts, gboolean is_new) {
    counts->stored += is_new;
    counts->known += !is_new;
}

static gboolean write_messages(Db *db, const ForeignDoor *door,
                               const ForeignConversation *conversation, const GPtrArray *deliveries,
                               Id *place, GError **error) {
    for (guint at = 0; at < deliveries->len; at++) {
        Delivery *delivery = deliveries->pdata[at];
        if (delivery == NULL)
            continue;
        if (!write_message(db, door, delivery, place, error))
            return FALSE;
        count(door->counts, delivery->state == DELIVERY_STORED);
    }
    for (guint at = 0; at < conversation->messages->len; at++) {
        const ForeignMessage *message = conversation->messages->pdata[at];
        gboolean is_new = FALSE;
        if (!message->is_note || *place == 0)
            continue;
        if (!write_note(db, door, message, *place, &is_new, error))
            return FALSE;
        count(door->counts, is_new);
        door->counts->notes += is_new;
    }
    return TRUE;
}

static gboolean settle(Db *db, const ForeignDoor *door, const ForeignConversation *conversation,
                       Id place, GError **error) {
    door->counts->settled++;
    return foreign_settle_state(db, conversation, place, door->counts->problems, error) &&
           foreign_settle(db, door->source, conversation->id, error);
}

gboolean foreign_write(Db *db, const ForeignDoor *door, const ForeignConversation *conversation,
                       const GPtrArray *deliveries, GError **error) {
    ForeignPlaced placed;
    if (!foreign_find(db, door->source, conversation->id, &placed, error))
        return FALSE;
    Id place = placed.conversation_id;
    if (place != 0 && placed.channel_id != door->channel_id) {
        door->counts->known += conversation->messages->len; // it came into another channel
        return TRUE;
    }
    if (!write_messages(db, door, conversation, deliveries, &place, error))
        return FALSE;
    if (place == 0) {
        error_set(error, ERROR_INVALID, "conversation_empty",
                  "it has no message from or to its customer");
        return FALSE;
    }
    if (placed.conversation_id == 0 &&
        !foreign_add(db, door->source, conversation->id, place, door->channel_id, error))
        return FALSE;
    return !conversation->has_state || placed.is_settled ||
           settle(db, door, conversation, place, error);
}
