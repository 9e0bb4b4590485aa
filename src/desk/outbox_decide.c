#include "desk/outbox_record.h"

#include <string.h>

#include "base/error.h"
#include "desk/record.h"
#include "store/draft.h"

typedef struct {
    OutboxState from[2];
    gsize froms;
    OutboxState to;
    const char *response; // NULL: what the server said stays
    const char *conflict; // why it cannot be, when no row was in from
} Decision;

static const Decision decisions[] = {
    {{OUTBOX_QUEUED, OUTBOX_RETRY},
     2,
     OUTBOX_CANCELLED,
     "cancelled before it was sent",
     "it is too late: the message is on its way or settled"},
    {{OUTBOX_UNKNOWN, OUTBOX_REFUSED},
     2,
     OUTBOX_QUEUED,
     NULL,
     "only a message whose outcome is unknown, or that was refused, can be sent again"},
    {{OUTBOX_UNKNOWN},
     1,
     OUTBOX_ACCEPTED,
     "marked as sent by an agent",
     "only a message whose outcome is unknown can be marked as sent"},
    {{OUTBOX_UNKNOWN}, 1, OUTBOX_ACCEPTED, "found in the Sent folder", "it is settled already"},
};

enum { DECISION_CANCEL, DECISION_AGAIN, DECISION_SENT, DECISION_FOUND };

static gboolean decide(Db *db, Id message_id, const Decision *decision, GError **error) {
    gint64 count, total = 0;
    gboolean found;
    Id known;
    if (!db_query_int(db, "SELECT id FROM message WHERE id = $1 AND direction = 'out'",
                      DB_VALUES(DB_ID(message_id)), &known, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "message_unknown",
                  "there is no outgoing message of this id");
        return FALSE;
    }
    for (gsize at = 0; at < decision->froms; at++) {
        if (!outbox_decide(db, message_id, decision->from[at], decision->to, decision->response,
                           clock_now(), &count, error))
            return FALSE;
        total += count;
    }
    if (total > 0)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "message_state", "%s", decision->conflict);
    return FALSE;
}

gboolean outbox_cancel(Db *db, Id message_id, GError **error) {
    return decide(db, message_id, &decisions[DECISION_CANCEL], error) &&
           outbox_take_back_status(db, message_id, error) &&
           draft_give_back(db, message_id, error) && outbox_project(db, message_id, error);
}

gboolean outbox_mark_sent(Db *db, Id message_id, GError **error) {
    return decide(db, message_id, &decisions[DECISION_SENT], error) &&
           outbox_project(db, message_id, error);
}

gboolean outbox_record_found(Db *db, Id message_id, GError **error) {
    return decide(db, message_id, &decisions[DECISION_FOUND], error) &&
           outbox_project(db, message_id, error);
}

// It waits again as a written reply does.
static gboolean record_written_again(Db *db, Id message_id, GError **error) {
    g_autoptr(DbRows) rows = db_query(
        db, "SELECT conversation_id, channel_id, agent_id, author FROM message WHERE id = $1",
        DB_VALUES(DB_ID(message_id)), error);
    Actor author = ACTOR_SYSTEM;
    if (rows == NULL || !db_rows_next(rows, error))
        return FALSE;
    actor_parse(db_rows_text(rows, 3), &author);
    g_autoptr(Event) event =
        event_new(EVENT_REPLY_WRITTEN, db_rows_id(rows, 0), author, db_rows_id(rows, 2), NULL);
    event->channel_id = db_rows_id(rows, 1);
    event->message_id = message_id;
    g_clear_pointer(&rows, db_rows_free);
    return record_event(db, event, error);
}

gboolean outbox_send_again(Db *db, Id message_id, GError **error) {
    return decide(db, message_id, &decisions[DECISION_AGAIN], error) &&
           outbox_project(db, message_id, error) && record_written_again(db, message_id, error);
}

// A server that forwards reports an address that we never wrote to: with one recipient it is clear
// whom it is about.
static gboolean refuse_only_recipient(Db *db, Id message_id, const char *response, gboolean *moved,
                                      GError **error) {
    g_autoptr(GPtrArray) rows = outbox_list(db, message_id, error);
    if (rows == NULL)
        return FALSE;
    if (rows->len != 1)
        return TRUE;
    const OutboxRow *row = rows->pdata[0];
    return outbox_refuse_recipient(db, message_id, row->recipient, response, clock_now(), moved,
                                   error);
}

static gboolean record_report(Db *db, Id message_id, const MailReport *report, gboolean *known,
                              GError **error) {
    if (report->recipient == NULL || g_strcmp0(report->action, "failed") != 0)
        return TRUE;
    g_autofree char *recipient = party_address_normalize(report->recipient);
    g_autofree char *response =
        g_strdup_printf("bounced: %s%s%s", report->status != NULL ? report->status : "",
                        report->status != NULL && report->diagnostic != NULL ? " " : "",
                        report->diagnostic != NULL ? report->diagnostic : "");
    gboolean moved;
    if (!outbox_refuse_recipient(db, message_id, recipient, response, clock_now(), &moved, error) ||
        (!moved && !refuse_only_recipient(db, message_id, response, &moved, error)))
        return FALSE;
    *known = *known || moved;
    return TRUE;
}

gboolean outbox_record_bounce(Db *db, Id message_id, const GPtrArray *reports, gboolean *known,
                              GError **error) {
    *known = FALSE;
    for (guint at = 0; at < reports->len; at++)
        if (!record_report(db, message_id, reports->pdata[at], known, error))
            return FALSE;
    return !*known || outbox_project(db, message_id, error);
}
