#include "store/attachment.h"

void pending_attachment_free(PendingAttachment *pending) {
    if (pending == NULL)
        return;
    g_free(pending->name);
    g_free(pending->type);
    g_free(pending->reference);
    g_free(pending);
}

static PendingAttachment *pending_from_row(DbRows *rows) {
    PendingAttachment *pending = g_new0(PendingAttachment, 1);
    pending->id = db_rows_id(rows, 0);
    pending->message_id = db_rows_id(rows, 1);
    pending->conversation_id = db_rows_id(rows, 2);
    pending->channel_id = db_rows_id(rows, 3);
    pending->name = g_strdup(db_rows_text(rows, 4));
    pending->type = g_strdup(db_rows_text(rows, 5));
    pending->reference = g_strdup(db_rows_text(rows, 6));
    pending->size = db_rows_int(rows, 7);
    pending->attempts = db_rows_int(rows, 8);
    return pending;
}

GPtrArray *attachment_list_due(Db *db, Instant now, guint limit, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT attachment.id, message.id, message.conversation_id, message.channel_id,"
                 " attachment.name, attachment.type, attachment.reference, attachment.size,"
                 " attachment.attempts FROM attachment"
                 " JOIN message ON message.id = attachment.message_id"
                 " WHERE attachment.state = 'pending' AND attachment.next_at <= $1"
                 " ORDER BY attachment.next_at LIMIT $2",
                 DB_VALUES(DB_INSTANT(now), DB_INT(limit)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)pending_attachment_free);
    GError *failure = NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(list, pending_from_row(rows));
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean attachment_next_due(Db *db, Instant *due, GError **error) {
    gint64 value = 0;
    gboolean found = FALSE;
    if (!db_query_int(db,
                      "SELECT next_at FROM attachment WHERE state = 'pending'"
                      " ORDER BY next_at LIMIT 1",
                      DB_NO_VALUES, &value, &found, error))
        return FALSE;
    *due = found ? value : INSTANT_NONE;
    return TRUE;
}

gboolean attachment_set_stored(Db *db, Id id, const Blob *blob, GError **error) {
    return blob_add(db, blob, error) &&
           db_run(db,
                  "UPDATE attachment SET state = 'stored', sha256 = $2, size = $3, next_at = NULL"
                  " WHERE id = $1 AND state = 'pending'",
                  DB_VALUES(DB_ID(id), DB_SPAN(blob_sha256(blob), SHA256_BYTES),
                            DB_INT(blob_size(blob))),
                  error);
}

gboolean attachment_set_missed(Db *db, Id id, Instant next_at, GError **error) {
    return db_run(db,
                  "UPDATE attachment SET attempts = attempts + 1, next_at = $2, state = CASE WHEN"
                  " $2 IS NULL THEN 'failed' ELSE 'pending' END WHERE id = $1"
                  " AND state = 'pending'",
                  DB_VALUES(DB_ID(id), DB_INSTANT(next_at)), error);
}
