#include <string.h>

#include "desk/arrival.h"
#include "desk/assignment.h"
#include "desk/conversation_change.h"
#include "desk/conversation_join.h"
#include "desk/mail_labels.h"
#include "desk/outbox_record.h"
#include "desk/record.h"
#include "desk/schedule.h"

static gboolean record_begin(Arrival *arrival, GError **error) {
    if (arrival->has_conversation)
        return TRUE;
    json_t *data = json_pack("{s:s}", "status", arrival->conversation.status);
    g_autoptr(Event) event = event_new(EVENT_CONVERSATION_BEGUN, arrival->conversation.id,
                                       ACTOR_CUSTOMER, arrival->identity.id, data);
    event->channel_id = arrival->conversation.channel_id;
    event->occurred_at = arrival->occurred_at;
    return record_event(arrival->db, event, error) && assignment_begin(arrival->db, event, error);
}

static Event *received_event(const Arrival *arrival) {
    json_t *data =
        json_pack("{s:I, s:b}", "received_at", (json_int_t)arrival->delivery->received_at,
                  "automatic", arrival->is_automatic);
    return event_new(EVENT_MESSAGE_RECEIVED, arrival->conversation.id, ACTOR_CUSTOMER,
                     arrival->identity.id, data);
}

// Found in a Sent folder, or written by another client of the bot: a person's unless it says that
// it is automatic.
static Event *sent_event(const Arrival *arrival) {
    Actor actor = arrival->is_automatic ? ACTOR_BOT : ACTOR_AGENT;
    return event_new(EVENT_MESSAGE_SENT, arrival->conversation.id, actor, arrival->agent_id, NULL);
}

static gboolean record_also_delivered(Arrival *arrival, GError **error) {
    if (arrival->channel->id == arrival->home->id)
        return TRUE;
    g_autoptr(Event) event =
        event_new(EVENT_ALSO_DELIVERED, arrival->conversation.id, ACTOR_SYSTEM, 0, NULL);
    event->message_id = arrival->message_id;
    event->channel_id = arrival->channel->id;
    event->occurred_at = arrival->occurred_at;
    return record_event(arrival->db, event, error);
}

gboolean arrival_record(Arrival *arrival, GError **error) {
    if (!record_begin(arrival, error))
        return FALSE;
    g_autoptr(Event) event =
        arrival->incoming->is_outbound ? sent_event(arrival) : received_event(arrival);
    event->message_id = arrival->message_id;
    event->channel_id = arrival->home->id;
    event->occurred_at = arrival->occurred_at;
    return record_event(arrival->db, event, error) && record_also_delivered(arrival, error) &&
           (arrival->incoming->is_outbound || arrival->is_automatic ||
            schedule_cancel_replied(arrival->db, event, error));
}

// A customer's own message; automatic ones and the archive ask for nothing.
static gboolean wants_something(const Arrival *arrival) {
    gboolean is_archive = arrival->occurred_at < arrival->home->waits_from;
    return !arrival->incoming->is_outbound && !arrival->is_automatic && !is_archive;
}

// It opens the conversation again.
gboolean arrival_reopen(Arrival *arrival, GError **error) {
    const char *status = arrival->conversation.status;
    if (!arrival->has_conversation || strcmp(status, "open") == 0 || !wants_something(arrival))
        return TRUE;
    json_t *data = json_pack("{s:s, s:s}", "from", status, "to", "open");
    g_autoptr(Event) event = event_new(EVENT_STATUS_CHANGED, arrival->conversation.id,
                                       ACTOR_CUSTOMER, arrival->identity.id, data);
    event->occurred_at = arrival->delivery->received_at;
    return conversation_set_status(arrival->db, arrival->conversation.id, "open", error) &&
           record_event(arrival->db, event, error);
}

gboolean arrival_join_conversations(Arrival *arrival, GError **error) {
    for (guint at = 0; at < arrival->joined->len; at++) {
        Id other = g_array_index(arrival->joined, Id, at);
        Id kept;
        if (!conversation_join(arrival->db, arrival->conversation.id, other, &kept, error))
            return FALSE;
        arrival->conversation.id = kept;
        arrival->delivery->conversation_id = kept;
    }
    return TRUE;
}

// Somebody of the team gets it, in the same job: it never stands open without the choice made.
gboolean arrival_assign(Arrival *arrival, GError **error) {
    gboolean was_closed =
        arrival->has_conversation && strcmp(arrival->conversation.status, "open") != 0;
    return !wants_something(arrival) ||
           assignment_settle(arrival->db, arrival->conversation.id,
                             was_closed ? ASSIGNMENT_REOPENED : ASSIGNMENT_BEGUN, error);
}

// Labels of an archive are tags here.
gboolean arrival_tag(Arrival *arrival, GError **error) {
    const Mail *mail = arrival->incoming->mail;
    if (mail == NULL || !delivery_is_import(arrival->delivery))
        return TRUE;
    g_autoptr(GPtrArray) tags = mail_labels_tags(mail);
    ConversationChange change = {.add_tags = (const char *const *)tags->pdata};
    return tags->len == 1 ||
           conversation_change(arrival->db, arrival->conversation.id, &change, 0, error);
}

// The recipient's program says that it was shown.
static gboolean record_read(Arrival *arrival, GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(arrival->db,
                        "UPDATE message SET state = 'read' WHERE id = $1 AND direction = 'out'"
                        " AND state IN ('sending', 'accepted', 'unknown', 'delivered')",
                        DB_VALUES(DB_ID(arrival->reported_message_id)), &changed, error))
        return FALSE;
    if (changed == 0)
        return TRUE;
    g_autoptr(Event) event =
        event_new(EVENT_DELIVERY_CHANGED, arrival->conversation.id, ACTOR_CUSTOMER,
                  arrival->identity.id, json_pack("{s:s}", "state", "read"));
    event->message_id = arrival->reported_message_id;
    return record_event(arrival->db, event, error);
}

// What a bounce or receipt says of the mail of ours that it names by a signature.
gboolean arrival_report(Arrival *arrival, GError **error) {
    gboolean is_known;
    if (arrival->reported_message_id == 0)
        return TRUE;
    const Mail *mail = arrival->incoming->mail;
    if (mail->class == MAIL_RECEIPT)
        return record_read(arrival, error);
    return mail->class != MAIL_BOUNCE ||
           outbox_record_bounce(arrival->db, arrival->reported_message_id, mail->reports, &is_known,
                                error);
}
