#include "store/mailbox.h"

#include "base/error.h"

#define COLUMNS "folder, uid_validity, last_uid, cursor, counts, looked_at"

void mailbox_free(Mailbox *mailbox) {
    if (mailbox == NULL)
        return;
    g_free(mailbox->folder);
    g_free(mailbox->cursor);
    g_free(mailbox->counts);
    g_free(mailbox);
}

static Mailbox *mailbox_from_row(DbRows *rows) {
    Mailbox *mailbox = g_new0(Mailbox, 1);
    mailbox->folder = g_strdup(db_rows_text(rows, 0));
    mailbox->uid_validity = db_rows_int(rows, 1);
    mailbox->last_uid = db_rows_int(rows, 2);
    mailbox->cursor = g_strdup(db_rows_text(rows, 3));
    mailbox->counts = g_strdup(db_rows_text(rows, 4));
    mailbox->looked_at = db_rows_instant(rows, 5);
    return mailbox;
}

Mailbox *mailbox_read(Db *db, Id channel_id, const char *folder, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM mailbox WHERE channel_id = $1 AND folder = $2",
                 DB_VALUES(DB_ID(channel_id), DB_TEXT(folder)), error);
    if (rows == NULL)
        return NULL;
    GError *failure = NULL;
    if (db_rows_next(rows, &failure))
        return mailbox_from_row(rows);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    Mailbox *mailbox = g_new0(Mailbox, 1);
    mailbox->folder = g_strdup(folder);
    mailbox->looked_at = INSTANT_NONE;
    return mailbox;
}

GPtrArray *mailbox_list(Db *db, Id channel_id, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM mailbox WHERE channel_id = $1 ORDER BY folder",
                 DB_VALUES(DB_ID(channel_id)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
    GError *failure = NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(found, mailbox_from_row(rows));
    if (failure == NULL)
        return g_steal_pointer(&found);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean mailbox_begin(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                       GError **error) {
    return db_run(db,
                  "INSERT INTO mailbox (channel_id, folder, uid_validity, last_uid)"
                  " VALUES ($1, $2, $3, 0)"
                  " ON CONFLICT (channel_id, folder)"
                  " DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = 0",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(folder), DB_INT(uid_validity)), error);
}

gboolean mailbox_advance(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                         gint64 from_uid, gint64 to_uid, GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(db,
                        "UPDATE mailbox SET last_uid = $5 WHERE channel_id = $1 AND folder = $2"
                        " AND uid_validity = $3 AND last_uid = $4",
                        DB_VALUES(DB_ID(channel_id), DB_TEXT(folder), DB_INT(uid_validity),
                                  DB_INT(from_uid), DB_INT(to_uid)),
                        &changed, error))
        return FALSE;
    if (changed == 1)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "mailbox_moved", "The folder was fetched by somebody else.");
    return FALSE;
}

gboolean mailbox_set_cursor(Db *db, Id channel_id, const char *folder, const char *cursor,
                            GError **error) {
    return db_run(db,
                  "INSERT INTO mailbox (channel_id, folder, cursor) VALUES ($1, $2, $3)"
                  " ON CONFLICT (channel_id, folder) DO UPDATE SET cursor = excluded.cursor",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(folder), DB_TEXT(cursor)), error);
}

gboolean mailbox_set_counts(Db *db, Id channel_id, const char *folder, gint64 server_count,
                            const char *counts, Instant looked_at, GError **error) {
    return db_run(db,
                  "UPDATE mailbox SET server_count = $3, counts = $4, looked_at = $5"
                  " WHERE channel_id = $1 AND folder = $2",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(folder), DB_INT(server_count),
                            DB_TEXT(counts), DB_INSTANT(looked_at)),
                  error);
}

GArray *mailbox_list_uids(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                          GError **error) {
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT uid, state FROM intake WHERE channel_id = $1 AND folder = $2 AND uid_validity = $3"
        " AND uid IS NOT NULL ORDER BY uid",
        DB_VALUES(DB_ID(channel_id), DB_TEXT(folder), DB_INT(uid_validity)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(MailboxUid));
    GError *failure = NULL;
    while (db_rows_next(rows, &failure)) {
        MailboxUid uid = {(guint32)db_rows_int(rows, 0), db_rows_text(rows, 1)[0]};
        g_array_append_val(found, uid);
    }
    if (failure == NULL)
        return g_steal_pointer(&found);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean mailbox_holds_key(Db *db, Id channel_id, const char *delivery_key, gboolean *is_held,
                           GError **error) {
    gint64 one = 0;
    return db_query_int(db, "SELECT 1 FROM intake WHERE channel_id = $1 AND delivery_key = $2",
                        DB_VALUES(DB_ID(channel_id), DB_TEXT(delivery_key)), &one, is_held, error);
}
