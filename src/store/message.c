#include "store/message.h"

#include "store/erase.h"

static DbValue sha256_value(const guint8 *sha256) {
    return sha256 != NULL ? DB_SPAN(sha256, 32) : DB_NULL;
}

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

gboolean message_add(Db *db, const MessageRow *row, GError **error) {
    return db_run(
        db,
        "INSERT INTO message (id, conversation_id, channel_id, identity_id, agent_id, direction, "
        "author,"
        " class, is_automatic, message_key, content_sha256, group_key, subject, text, new_text,"
        " html_sha256, quoted_message_id, headers, raw_sha256, state, occurred_at, received_at,"
        " recorded_at, client_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
        " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        DB_VALUES(
            DB_ID(row->id), DB_ID(row->conversation_id), DB_ID(row->channel_id),
            DB_ID(row->identity_id), DB_ID(row->agent_id), DB_TEXT(row->direction),
            DB_TEXT(row->author), DB_TEXT(row->class), DB_INT(row->is_automatic),
            DB_TEXT(row->message_key), DB_TEXT(row->content_sha256), DB_TEXT(row->group_key),
            DB_TEXT(or_empty(row->subject)), DB_TEXT(or_empty(row->text)), DB_TEXT(row->new_text),
            sha256_value(row->html_sha256), DB_ID(row->quoted_message_id),
            DB_TEXT(row->headers != NULL ? row->headers : "{}"), sha256_value(row->raw_sha256),
            DB_TEXT(row->state), DB_INSTANT(row->occurred_at), DB_INSTANT(row->received_at),
            DB_INSTANT(row->recorded_at), DB_TEXT(row->client_key)),
        error);
}

#define KNOWN_COLUMNS                                                                              \
    "m.id, m.conversation_id, m.channel_id, m.direction, m.content_sha256, m.message_key, "        \
    "m.state,"                                                                                     \
    " m.edited_version, m.erased_at IS NOT NULL"

void known_message_clear(KnownMessage *message) {
    g_clear_pointer(&message->content_sha256, g_free);
    g_clear_pointer(&message->message_key, g_free);
}

static gboolean find_one(Db *db, const char *sql, const DbValue *values, gsize count,
                         KnownMessage *message, gboolean *found, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!*found)
        return TRUE;
    known_message_clear(message);
    message->id = db_rows_id(rows, 0);
    message->conversation_id = db_rows_id(rows, 1);
    message->channel_id = db_rows_id(rows, 2);
    message->is_out = g_str_equal(db_rows_text(rows, 3), "out");
    message->content_sha256 = g_strdup(db_rows_text(rows, 4));
    message->message_key = g_strdup(db_rows_text(rows, 5));
    g_strlcpy(message->state, db_rows_text(rows, 6), sizeof message->state);
    message->edited_version = db_rows_int(rows, 7);
    message->is_erased = db_rows_int(rows, 8) != 0;
    return TRUE;
}

gboolean message_find_by_key(Db *db, Id channel_id, const char *message_key, KnownMessage *message,
                             gboolean *found, GError **error) {
    g_autofree char *erased = erase_key(message_key);
    if (!find_one(db,
                  "SELECT " KNOWN_COLUMNS
                  " FROM message m WHERE m.message_key IN ($2, $3) AND m.channel_id = $1",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key), DB_TEXT(erased)), message,
                  found, error))
        return FALSE;
    return *found ||
           find_one(db,
                    "SELECT " KNOWN_COLUMNS " FROM message_alias a"
                    " JOIN message m ON m.id = a.message_id"
                    " WHERE a.channel_id = $1 AND a.message_key = $2",
                    DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key)), message, found, error);
}

gboolean message_find_mail(Db *db, const char *message_key, const char *content_sha256,
                           KnownMessage *message, gboolean *found, GError **error) {
    g_autofree char *erased = erase_key(message_key);
    return find_one(
        db,
        "SELECT " KNOWN_COLUMNS " FROM message m WHERE m.message_key IN ($1, $3)"
        " AND (m.content_sha256 = $2 OR (m.content_sha256 IS NULL AND m.direction = 'out'))"
        " ORDER BY m.id LIMIT 1",
        DB_VALUES(DB_TEXT(message_key), DB_TEXT(content_sha256), DB_TEXT(erased)), message, found,
        error);
}

gboolean message_find_by_group(Db *db, Id channel_id, const char *group_key, KnownMessage *message,
                               gboolean *found, GError **error) {
    return find_one(db,
                    "SELECT " KNOWN_COLUMNS
                    " FROM message m WHERE m.channel_id = $1 AND m.group_key = $2"
                    " ORDER BY m.id LIMIT 1",
                    DB_VALUES(DB_ID(channel_id), DB_TEXT(group_key)), message, found, error);
}

gboolean message_add_alias(Db *db, Id channel_id, const char *message_key, Id message_id,
                           GError **error) {
    return db_run(
        db,
        "INSERT INTO message_alias (channel_id, message_key, message_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (channel_id, message_key) DO NOTHING",
        DB_VALUES(DB_ID(channel_id), DB_TEXT(message_key), DB_ID(message_id)), error);
}

gboolean message_add_delivery(Db *db, Id message_id, Id channel_id, gboolean *is_new,
                              GError **error) {
    gint64 changed = 0;
    gboolean good =
        db_run_counted(db,
                       "INSERT INTO delivery (message_id, channel_id)"
                       " SELECT id, $2 FROM message WHERE id = $1 AND channel_id <> $2"
                       " ON CONFLICT (message_id, channel_id) DO NOTHING",
                       DB_VALUES(DB_ID(message_id), DB_ID(channel_id)), &changed, error);
    *is_new = changed == 1;
    return good;
}

gboolean attachment_add(Db *db, const AttachmentRow *row, GError **error) {
    gboolean is_stored = row->sha256 != NULL;
    return db_run(db,
                  "INSERT INTO attachment (id, message_id, position, name, type, size, content_id,"
                  " is_inline, sha256, reference, state, next_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                  " ON CONFLICT (message_id, position) DO NOTHING",
                  DB_VALUES(DB_ID(id_next()), DB_ID(row->message_id), DB_INT(row->position),
                            DB_TEXT(row->name), DB_TEXT(row->type), DB_INT(row->size),
                            DB_TEXT(row->content_id), DB_INT(row->is_inline),
                            sha256_value(row->sha256), DB_TEXT(row->reference),
                            DB_TEXT(is_stored ? "stored" : "pending"),
                            is_stored ? DB_NULL : DB_INT(0)),
                  error);
}
