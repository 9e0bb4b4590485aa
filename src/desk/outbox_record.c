#include "desk/outbox_record.h"

#include <string.h>

#include "base/error.h"
#include "desk/conversation_join.h"
#include "desk/happening.h"
#include "desk/outbox_state.h"
#include "desk/record.h"
#include "store/channel.h"
#include "store/customer.h"
#include "store/message.h"

// What an event about the message must say.
typedef struct {
    Id id;
    Id conversation_id;
    Id channel_id;
    Id agent_id;
    Actor author;
    char state[16];
    Instant written_at;
} SentMessage;

static gboolean read_message(Db *db, Id message_id, SentMessage *message, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT conversation_id, channel_id, agent_id, author, state, recorded_at"
                 " FROM message WHERE id = $1 AND direction = 'out'",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "message_unknown",
                      "there is no outgoing message of this id");
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *message = (SentMessage){.id = message_id,
                             .conversation_id = db_rows_id(rows, 0),
                             .channel_id = db_rows_id(rows, 1),
                             .agent_id = db_rows_id(rows, 2),
                             .written_at = db_rows_instant(rows, 5)};
    if (!actor_parse(db_rows_text(rows, 3), &message->author))
        message->author = ACTOR_SYSTEM;
    g_strlcpy(message->state, db_rows_text(rows, 4), sizeof message->state);
    return TRUE;
}

static gboolean record(Db *db, const SentMessage *message, EventType type, Instant occurred_at,
                       json_t *data, GError **error) {
    g_autoptr(Event) event =
        event_new(type, message->conversation_id, message->author, message->agent_id, data);
    event->message_id = message->id;
    event->channel_id = message->channel_id;
    if (occurred_at != INSTANT_NONE)
        event->occurred_at = occurred_at;
    return record_event(db, event, error);
}

static gboolean record_transition(Db *db, const SentMessage *message, const OutboxFold *fold,
                                  GError **error) {
    if (strcmp(fold->state, "accepted") == 0)
        return record(db, message, EVENT_MESSAGE_SENT, fold->settled_at,
                      json_pack("{s:I}", "written_at", (json_int_t)message->written_at), error);
    if (strcmp(fold->state, "refused") == 0 || strcmp(fold->state, "cancelled") == 0)
        return record(db, message, EVENT_REPLY_FAILED, INSTANT_NONE, NULL, error);
    if (strcmp(fold->state, "unknown") == 0)
        return record(db, message, EVENT_REPLY_UNKNOWN, INSTANT_NONE, NULL, error);
    return TRUE;
}

static char *fold_reason(const OutboxFold *fold) {
    if (fold->concern == NULL || *fold->whom == '\0')
        return g_strdup(fold->concern);
    return g_strdup_printf("%s: %s", fold->whom, fold->concern);
}

// The message is at least that far already: held until the first attempt, read after accepted.
static gboolean state_stays(const char *present, const char *next) {
    if (strcmp(next, "accepted") == 0)
        return strcmp(present, "delivered") == 0 || strcmp(present, "read") == 0;
    return strcmp(next, "queued") == 0 && strcmp(present, "held") == 0;
}

gboolean outbox_project(Db *db, Id message_id, GError **error) {
    SentMessage message;
    if (!read_message(db, message_id, &message, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = outbox_list(db, message_id, error);
    if (rows == NULL || rows->len == 0)
        return rows != NULL;
    OutboxFold fold = outbox_fold(rows);
    g_autofree char *reason = fold_reason(&fold);
    const char *state = state_stays(message.state, fold.state) ? message.state : fold.state;
    gboolean is_changed = strcmp(state, message.state) != 0;
    if (!db_run(db,
                "UPDATE message SET state = $2, state_reason = $3,"
                " occurred_at = coalesce($4, occurred_at) WHERE id = $1",
                DB_VALUES(DB_ID(message_id), DB_TEXT(state), DB_TEXT(reason),
                          is_changed ? DB_INSTANT(fold.settled_at) : DB_NULL),
                error))
        return FALSE;
    return !is_changed || record_transition(db, &message, &fold, error);
}

static OutboxOutcome receipt_outcome(const OutboxRow *row, const Receipt *receipt, Instant now) {
    static const OutboxState states[] = {[RECEIPT_SENT] = OUTBOX_ACCEPTED,
                                         [RECEIPT_RETRY] = OUTBOX_RETRY,
                                         [RECEIPT_REFUSED] = OUTBOX_REFUSED,
                                         [RECEIPT_UNKNOWN] = OUTBOX_UNKNOWN};
    OutboxOutcome outcome = {.state = states[receipt->state],
                             .not_before = INSTANT_NONE,
                             .provider_id = receipt->provider_id,
                             .response = receipt->reason};
    if (outcome.state != OUTBOX_RETRY)
        return outcome;
    gint64 delay = receipt->retry_after_ms >= 0
                       ? receipt->retry_after_ms
                       : outbox_retry_delay_ms(row->attempts, g_random_double());
    gboolean is_immediate =
        receipt->stops_channel || receipt->retry_without_quote || receipt->moved_thread_key != NULL;
    outcome.not_before = is_immediate ? now : now + delay; // a stopped channel claims nothing
    if (outbox_is_given_up(row->created_at, now))
        outcome.state = OUTBOX_REFUSED;
    return outcome;
}

static gboolean record_provider_id(Db *db, const OutboxRow *row, const char *provider_id,
                                   GError **error) {
    if (provider_id == NULL || *row->recipient != '\0')
        return TRUE;
    return row->part == 0
               ? db_run(db, "UPDATE message SET message_key = $2 WHERE id = $1",
                        DB_VALUES(DB_ID(row->message_id), DB_TEXT(provider_id)), error)
               : message_add_alias(db, row->channel_id, provider_id, row->message_id, error);
}

static gboolean record_customer_gone(Db *db, const OutboxRow *row, Instant now, GError **error) {
    Id identity_id = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT identity_id FROM conversation WHERE id = $1",
                      DB_VALUES(DB_ID(row->conversation_id)), &identity_id, &found, error))
        return FALSE;
    return !found || identity_id == 0 || identity_set_blocked(db, identity_id, TRUE, now, error);
}

static gboolean record_moved_thread(Db *db, const OutboxRow *row, const char *moved_to,
                                    GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autofree char *former = NULL;
    {
        g_autoptr(DbRows) rows = db_query(db, "SELECT thread_key FROM conversation WHERE id = $1",
                                          DB_VALUES(DB_ID(row->conversation_id)), error);
        if (rows == NULL)
            return FALSE;
        if (db_rows_next(rows, &failure))
            former = g_strdup(db_rows_text(rows, 0));
    }
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return former == NULL || conversation_move_thread(db, row->channel_id, former, moved_to, error);
}

// What the provider told us beside the fate of this part.
static gboolean record_side_effects(Db *db, const OutboxRow *row, const Receipt *receipt,
                                    Instant now, GError **error) {
    if (receipt->stops_channel &&
        !channel_set_state(db, row->channel_id, CHANNEL_NEEDS_SIGN_IN, receipt->reason, error))
        return FALSE;
    if (receipt->state == RECEIPT_RETRY && receipt->retry_after_ms > 0 &&
        !outbox_postpone(db, row->channel_id, now + receipt->retry_after_ms, error))
        return FALSE;
    if (receipt->retry_without_quote &&
        !db_run(db, "UPDATE message SET quoted_message_id = NULL WHERE id = $1",
                DB_VALUES(DB_ID(row->message_id)), error))
        return FALSE;
    if (receipt->moved_thread_key != NULL &&
        !record_moved_thread(db, row, receipt->moved_thread_key, error))
        return FALSE;
    return !receipt->customer_gone || record_customer_gone(db, row, now, error);
}

// What the provider said of its parts before it named them, or before all were accepted.
static gboolean apply_kept(Db *db, const OutboxRow *row, GError **error) {
    g_autoptr(GPtrArray) rows = outbox_list(db, row->message_id, error);
    for (guint at = 0; rows != NULL && at < rows->len; at++) {
        const OutboxRow *part = rows->pdata[at];
        if (part->provider_id != NULL &&
            !happening_apply_kept(db, row->channel_id, part->provider_id, error))
            return FALSE;
    }
    return rows != NULL;
}

gboolean outbox_record_receipt(Db *db, const OutboxRow *row, const Receipt *receipt, Instant now,
                               GError **error) {
    OutboxOutcome outcome = receipt_outcome(row, receipt, now);
    gboolean moved;
    if (!outbox_settle(db, row->id, row->epoch, &outcome, now, &moved, error))
        return FALSE;
    if (!moved)
        return TRUE; // given up meanwhile: the late answer counts for nothing
    return record_provider_id(db, row, receipt->provider_id, error) &&
           record_side_effects(db, row, receipt, now, error) &&
           outbox_project(db, row->message_id, error) &&
           (receipt->provider_id == NULL || apply_kept(db, row, error));
}

gboolean outbox_release(Db *db, const OutboxRow *row, Instant at, GError **error) {
    const OutboxOutcome outcome = {.state = OUTBOX_QUEUED, .not_before = at};
    gboolean moved;
    return outbox_settle(db, row->id, row->epoch, &outcome, at, &moved, error) &&
           outbox_project(db, row->message_id, error);
}

gboolean outbox_recover_and_record(Db *db, Instant now, GError **error) {
    g_autoptr(GArray) messages = g_array_new(FALSE, FALSE, sizeof(Id));
    if (!outbox_recover(db, now, messages, error))
        return FALSE;
    for (guint at = 0; at < messages->len; at++)
        if (!outbox_project(db, g_array_index(messages, Id, at), error))
            return FALSE;
    return TRUE;
}
