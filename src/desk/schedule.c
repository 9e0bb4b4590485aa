#include "desk/schedule.h"

#include "base/error.h"
#include "desk/notice.h"
#include "desk/outbox_record.h"
#include "desk/record.h"

gboolean schedule_check(Instant send_at, Instant now, GError **error) {
    if (send_at > now && send_at - now <= SCHEDULE_MAX_MS)
        return TRUE;
    error_set(error, ERROR_INVALID, "send_at_invalid",
              "send_at must lie in the future, a year at most");
    return FALSE;
}

gboolean schedule_add(Db *db, Id message_id, Instant send_at, gboolean cancel_on_reply,
                      GError **error) {
    return send_at == INSTANT_NONE ||
           db_run(db,
                  "INSERT INTO scheduled (message_id, send_at, cancel_on_reply)"
                  " VALUES ($1, $2, $3)",
                  DB_VALUES(DB_ID(message_id), DB_INSTANT(send_at), DB_INT(cancel_on_reply)),
                  error);
}

static gboolean move_rows(Db *db, Id message_id, Instant send_at, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "UPDATE outbox SET not_before = $2, created_at = $2 WHERE message_id = $1"
                        " AND state = 'queued' AND attempts = 0",
                        DB_VALUES(DB_ID(message_id), DB_INSTANT(send_at)), &count, error))
        return FALSE;
    if (count == 0)
        error_set(error, ERROR_CONFLICT, "already_sent",
                  "it is too late: the message is on its way or settled");
    return count > 0;
}

static gboolean update(Db *db, Id message_id, const ScheduleChange *change, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "UPDATE scheduled SET send_at = coalesce($2, send_at),"
                        " cancel_on_reply = coalesce($3, cancel_on_reply) WHERE message_id = $1",
                        DB_VALUES(DB_ID(message_id), DB_INSTANT(change->send_at),
                                  change->sets_cancel ? DB_INT(change->cancel_on_reply) : DB_NULL),
                        &count, error))
        return FALSE;
    if (count == 0)
        error_set(error, ERROR_CONFLICT, "not_scheduled", "this message has no send_at to change");
    return count > 0;
}

static gboolean read_place(Db *db, Id message_id, Id *conversation_id, Instant *send_at,
                           GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT message.conversation_id, scheduled.send_at FROM scheduled JOIN message ON"
                 " message.id = scheduled.message_id WHERE scheduled.message_id = $1",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL || !db_rows_next(rows, error))
        return FALSE;
    *conversation_id = db_rows_id(rows, 0);
    *send_at = db_rows_instant(rows, 1);
    return TRUE;
}

gboolean schedule_change(Db *db, Id message_id, const ScheduleChange *change, GError **error) {
    Id conversation_id = 0;
    Instant send_at;
    if ((change->send_at != INSTANT_NONE && !schedule_check(change->send_at, clock_now(), error)) ||
        !update(db, message_id, change, error) ||
        !read_place(db, message_id, &conversation_id, &send_at, error) ||
        !move_rows(db, message_id, send_at, error))
        return FALSE;
    g_autoptr(Event) event =
        event_new(EVENT_SCHEDULED, conversation_id, ACTOR_AGENT, change->agent_id,
                  json_pack("{s:I}", "send_at", (json_int_t)send_at));
    event->message_id = message_id;
    return record_event(db, event, error);
}

static gboolean cancel(Db *db, Id message_id, Id agent_id, const Event *received, GError **error) {
    Event notice = *received;
    notice.message_id = message_id;
    return outbox_cancel(db, message_id, error) &&
           db_run(db, "UPDATE message SET state_reason = 'the customer has written' WHERE id = $1",
                  DB_VALUES(DB_ID(message_id)), error) &&
           notice_add(db, agent_id, "reply_failed", &notice, error);
}

typedef struct {
    Id message_id;
    Id agent_id;
} Waiting;

static GArray *list_waiting(Db *db, Id conversation_id, GError **error) {
    GError *failure = NULL;
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT DISTINCT message.id, message.agent_id FROM outbox JOIN scheduled ON"
        " scheduled.message_id = outbox.message_id JOIN message ON message.id = outbox.message_id"
        " WHERE outbox.conversation_id = $1"
        " AND outbox.state IN ('queued', 'retry', 'claimed', 'sending')"
        " AND outbox.state = 'queued' AND outbox.attempts = 0 AND scheduled.cancel_on_reply = 1"
        " LIMIT 100",
        DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        Waiting item = {db_rows_id(rows, 0), db_rows_id(rows, 1)};
        g_array_append_val(waiting, item);
    }
    if (failure == NULL)
        return g_steal_pointer(&waiting);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean schedule_cancel_replied(Db *db, const Event *received, GError **error) {
    g_autoptr(GArray) waiting = list_waiting(db, received->conversation_id, error);
    for (guint at = 0; waiting != NULL && at < waiting->len; at++) {
        const Waiting *item = &g_array_index(waiting, Waiting, at);
        if (!cancel(db, item->message_id, item->agent_id, received, error))
            return FALSE;
    }
    return waiting != NULL;
}
