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

gboolean attachment_set_stored(Db *db, const PendingAttachment *pending, const Blob *blob,
                               GError **error) {
    return blob_add(db, blob, error) &&
           db_run(db,
                  "UPDATE attachment SET state = 'stored', sha256 = $2, size = $3, next_at = NULL"
                  " WHERE id = $1 AND state = 'pending' AND reference = $4",
                  DB_VALUES(DB_ID(pending->id), DB_SPAN(blob_sha256(blob), SHA256_BYTES),
                            DB_INT(blob_size(blob)), DB_TEXT(pending->reference)),
                  error);
}

gboolean attachment_set_missed(Db *db, const PendingAttachment *pending, Instant next_at,
                               GError **error) {
    return db_run(db,
                  "UPDATE attachment SET attempts = attempts + 1, next_at = $2, state = CASE WHEN"
                  " $2 IS NULL THEN 'failed' ELSE 'pending' END WHERE id = $1"
                  " AND state = 'pending' AND reference = $3",
                  DB_VALUES(DB_ID(pending->id), DB_INSTANT(next_at), DB_TEXT(pending->reference)),
                  error);
}

gboolean attachment_replace(Db *db, Id message_id, gint64 position, const Attachment *attachment,
                            GError **error) {
    return db_run(db,
                  "UPDATE attachment SET name = $3, type = $4, size = $5, reference = $6,"
                  " sha256 = NULL, state = 'pending', attempts = 0, next_at = 0"
                  " WHERE message_id = $1 AND position = $2 AND reference <> $6",
                  DB_VALUES(DB_ID(message_id), DB_INT(position), DB_TEXT(attachment->name),
                            DB_TEXT(attachment->type), DB_INT(attachment->size),
                            DB_TEXT(attachment->reference)),
                  error);
}
