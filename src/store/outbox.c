#include "store/outbox.h"

#include <string.h>

static const char *const state_names[] = {"queued",  "claimed", "sending", "accepted",
                                          "refused", "retry",   "unknown", "cancelled"};

const char *outbox_state_name(OutboxState state) {
    return state_names[state];
}

gboolean outbox_state_parse(const char *name, OutboxState *state) {
    for (guint at = 0; at < OUTBOX_STATES; at++)
        if (g_strcmp0(name, state_names[at]) == 0) {
            *state = (OutboxState)at;
            return TRUE;
        }
    return FALSE;
}

void outbox_row_free(OutboxRow *row) {
    if (row == NULL)
        return;
    g_free(row->recipient);
    g_free(row->provider_id);
    g_free(row->response);
    g_free(row);
}

gboolean outbox_add(Db *db, const OutboxRow *row, GError **error) {
    return db_run(
        db,
        "INSERT INTO outbox (id, message_id, conversation_id, channel_id, part, recipient, state,"
        " not_before, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8)",
        DB_VALUES(DB_ID(id_next()), DB_ID(row->message_id), DB_ID(row->conversation_id),
                  DB_ID(row->channel_id), DB_INT(row->part),
                  DB_TEXT(row->recipient != NULL ? row->recipient : ""),
                  DB_INSTANT(row->not_before), DB_INSTANT(row->created_at)),
        error);
}

#define COLUMNS                                                                                    \
    "o.id, o.message_id, o.conversation_id, o.channel_id, o.part, o.recipient, o.state,"           \
    " o.not_before, o.attempts, o.epoch, o.began_at, o.provider_id, o.response, o.created_at,"     \
    " o.settled_at"

static OutboxRow *row_read(DbRows *rows) {
    OutboxRow *row = g_new0(OutboxRow, 1);
    row->id = db_rows_id(rows, 0);
    row->message_id = db_rows_id(rows, 1);
    row->conversation_id = db_rows_id(rows, 2);
    row->channel_id = db_rows_id(rows, 3);
    row->part = db_rows_int(rows, 4);
    row->recipient = g_strdup(db_rows_text(rows, 5));
    if (!outbox_state_parse(db_rows_text(rows, 6), &row->state))
        row->state = OUTBOX_UNKNOWN;
    row->not_before = db_rows_instant(rows, 7);
    row->attempts = db_rows_int(rows, 8);
    row->epoch = db_rows_int(rows, 9);
    row->began_at = db_rows_instant(rows, 10);
    row->provider_id = g_strdup(db_rows_text(rows, 11));
    row->response = g_strdup(db_rows_text(rows, 12));
    row->created_at = db_rows_instant(rows, 13);
    row->settled_at = db_rows_instant(rows, 14);
    return row;
}

static GPtrArray *list(Db *db, const char *sql, const DbValue *values, gsize count,
                       GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(found, row_read(rows));
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    return g_steal_pointer(&found);
}

GPtrArray *outbox_list(Db *db, Id message_id, GError **error) {
    return list(db,
                "SELECT " COLUMNS " FROM outbox o WHERE o.message_id = $1"
                " ORDER BY o.part, o.recipient",
                DB_VALUES(DB_ID(message_id)), error);
}

#define DUE                                                                                        \
    "SELECT " COLUMNS " FROM outbox o JOIN channel c ON c.id = o.channel_id"                       \
    " WHERE o.state IN ('queued', 'retry') AND o.not_before <= $1"                                 \
    " AND c.state IN ('active', 'failing') AND c.removed_at IS NULL"                               \
    " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.conversation_id = o.conversation_id"          \
    "  AND p.state IN ('queued', 'retry', 'claimed', 'sending')"                                   \
    "  AND p.recipient = o.recipient AND p.message_id < o.message_id"                              \
    "  AND NOT (p.not_before > $1 AND EXISTS (SELECT 1 FROM scheduled AS s"                        \
    "   WHERE s.message_id = p.message_id)))"                                                      \
    " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.message_id = o.message_id"                    \
    "  AND p.part < o.part AND p.state <> 'accepted')"

GPtrArray *outbox_list_due(Db *db, Instant now, guint limit, const GArray *except, GError **error) {
    g_autoptr(GString) sql = g_string_new(DUE);
    for (guint at = 0; except != NULL && at < except->len; at++)
        g_string_append_printf(sql, " AND o.channel_id <> %" G_GINT64_FORMAT,
                               g_array_index(except, Id, at));
    g_string_append(sql, " ORDER BY o.not_before, o.id LIMIT $2");
    return list(db, sql->str, DB_VALUES(DB_INSTANT(now), DB_INT(limit)), error);
}

gboolean outbox_next_due(Db *db, Instant now, Instant *next, GError **error) {
    gboolean found;
    if (!db_query_int(db,
                      "SELECT not_before FROM outbox WHERE state IN ('queued', 'retry')"
                      " AND not_before > $1 ORDER BY not_before LIMIT 1",
                      DB_VALUES(DB_INSTANT(now)), next, &found, error))
        return FALSE;
    if (!found)
        *next = INSTANT_NONE;
    return TRUE;
}

static gboolean move(Db *db, const char *sql, const DbValue *values, gsize count, gboolean *moved,
                     GError **error) {
    gint64 changed = 0;
    gboolean good = db_run_counted(db, sql, values, count, &changed, error);
    *moved = changed > 0;
    return good;
}

gboolean outbox_claim(Db *db, Id id, Instant lease_until, gint64 *epoch, gboolean *moved,
                      GError **error) {
    return db_query_int(db,
                        "UPDATE outbox SET state = 'claimed', epoch = epoch + 1,"
                        " attempts = attempts + 1, lease_until = $2"
                        " WHERE id = $1 AND state IN ('queued', 'retry') RETURNING epoch",
                        DB_VALUES(DB_ID(id), DB_INSTANT(lease_until)), epoch, moved, error);
}

gboolean outbox_begin(Db *db, Id id, gint64 epoch, Instant now, Instant lease_until,
                      gboolean *moved, GError **error) {
    return move(db,
                "UPDATE outbox SET state = 'sending', began_at = $3, lease_until = $4"
                " WHERE id = $1 AND epoch = $2 AND state = 'claimed'",
                DB_VALUES(DB_ID(id), DB_INT(epoch), DB_INSTANT(now), DB_INSTANT(lease_until)),
                moved, error);
}

gboolean outbox_settle(Db *db, Id id, gint64 epoch, const OutboxOutcome *outcome, Instant now,
                       gboolean *moved, GError **error) {
    gboolean is_over = outcome->state != OUTBOX_RETRY && outcome->state != OUTBOX_QUEUED;
    return move(db,
                "UPDATE outbox SET state = $3, not_before = coalesce($4, not_before),"
                " provider_id = coalesce($5, provider_id), response = coalesce($6, response),"
                " settled_at = $7, lease_until = NULL"
                " WHERE id = $1 AND epoch = $2 AND state IN ('claimed', 'sending')",
                DB_VALUES(DB_ID(id), DB_INT(epoch), DB_TEXT(outbox_state_name(outcome->state)),
                          is_over ? DB_NULL : DB_INSTANT(outcome->not_before),
                          DB_TEXT(outcome->provider_id), DB_TEXT(outcome->response),
                          is_over ? DB_INSTANT(now) : DB_NULL),
                moved, error);
}

gboolean outbox_decide(Db *db, Id message_id, OutboxState from, OutboxState to,
                       const char *response, Instant now, gint64 *count, GError **error) {
    gboolean is_over = to != OUTBOX_QUEUED && to != OUTBOX_RETRY;
    return db_run_counted(
        db,
        "UPDATE outbox SET state = $3, epoch = epoch + 1, response = coalesce($4, response),"
        " not_before = CASE WHEN $5 IS NULL THEN $6 ELSE not_before END,"
        " settled_at = CASE WHEN $3 = 'accepted' THEN coalesce(began_at, $5) ELSE $5 END"
        " WHERE message_id = $1 AND state = $2",
        DB_VALUES(DB_ID(message_id), DB_TEXT(outbox_state_name(from)),
                  DB_TEXT(outbox_state_name(to)), DB_TEXT(response),
                  is_over ? DB_INSTANT(now) : DB_NULL, DB_INSTANT(now)),
        count, error);
}

gboolean outbox_refuse_recipient(Db *db, Id message_id, const char *recipient, const char *response,
                                 Instant now, gboolean *moved, GError **error) {
    return move(
        db,
        "UPDATE outbox SET state = 'refused', response = $3, settled_at = $4"
        " WHERE message_id = $1 AND lower(recipient) = lower($2)"
        " AND state IN ('accepted', 'unknown', 'retry', 'queued')",
        DB_VALUES(DB_ID(message_id), DB_TEXT(recipient), DB_TEXT(response), DB_INSTANT(now)), moved,
        error);
}

// The very words of the index outbox_busy, without which it is not used.
#define IS_BUSY "state IN ('claimed', 'sending', 'unknown')"

static gboolean recover(Db *db, const char *sql, Instant now, GArray *messages, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, sql, DB_VALUES(DB_INT(now == INSTANT_NONE ? G_MAXINT64 : now)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(messages, id);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean outbox_recover(Db *db, Instant now, GArray *messages, GError **error) {
    return recover(db,
                   "UPDATE outbox SET state = 'queued', epoch = epoch + 1, lease_until = NULL"
                   " WHERE " IS_BUSY " AND state = 'claimed' AND lease_until < $1"
                   " RETURNING message_id",
                   now, messages, error) &&
           recover(db,
                   "UPDATE outbox SET state = 'unknown', epoch = epoch + 1, lease_until = NULL,"
                   " settled_at = began_at,"
                   " response = 'interrupted after it may have been handed over'"
                   " WHERE " IS_BUSY " AND state = 'sending' AND lease_until < $1"
                   " RETURNING message_id",
                   now, messages, error);
}

gboolean outbox_postpone(Db *db, Id channel_id, Instant until, GError **error) {
    return db_run(db,
                  "UPDATE outbox SET not_before = $2 WHERE channel_id = $1 AND not_before < $2"
                  " AND state IN ('queued', 'retry')",
                  DB_VALUES(DB_ID(channel_id), DB_INSTANT(until)), error);
}
