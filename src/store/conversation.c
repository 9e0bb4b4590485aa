#include "store/conversation.h"

#define COLUMNS                                                                                    \
    "id, channel_id, customer_id, identity_id, status, created_at, last_message_at, is_split, "    \
    "merged_into, erased_at IS NOT NULL"
#define ALIAS_STEPS_MAX 32 // merges keep aliases flat; this bounds what a damaged database could do

// Reads the one row of a query; *merged_into is 0 for a row that stands for itself.
static gboolean read_one(DbRows *rows, Conversation *conversation, Id *merged_into, gboolean *found,
                         GError **error) {
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    *found = db_rows_next(rows, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!*found)
        return TRUE;
    *conversation = (Conversation){
        .id = db_rows_id(rows, 0),
        .channel_id = db_rows_id(rows, 1),
        .customer_id = db_rows_id(rows, 2),
        .identity_id = db_rows_id(rows, 3),
        .created_at = db_rows_instant(rows, 5),
        .last_message_at = db_rows_instant(rows, 6),
        .is_split = db_rows_int(rows, 7) != 0,
        .is_erased = db_rows_int(rows, 9) != 0,
    };
    g_strlcpy(conversation->status, db_rows_text(rows, 4), sizeof conversation->status);
    *merged_into = db_rows_id(rows, 8);
    return TRUE;
}

gboolean conversation_find(Db *db, Id id, Conversation *conversation, gboolean *found,
                           GError **error) {
    for (int steps = 0; steps < ALIAS_STEPS_MAX; steps++) {
        Id merged_into = 0;
        g_autoptr(DbRows) rows = db_query(db, "SELECT " COLUMNS " FROM conversation WHERE id = $1",
                                          DB_VALUES(DB_ID(id)), error);
        if (!read_one(rows, conversation, &merged_into, found, error))
            return FALSE;
        if (!*found || merged_into == 0)
            return TRUE;
        id = merged_into;
    }
    *found = FALSE;
    return TRUE;
}

gboolean conversation_find_by_thread(Db *db, Id channel_id, const char *thread_key,
                                     Conversation *conversation, gboolean *found, GError **error) {
    Id merged_into = 0;
    {
        g_autoptr(DbRows) rows = db_query(db,
                                          "SELECT " COLUMNS " FROM conversation"
                                          " WHERE channel_id = $1 AND thread_key = $2"
                                          " ORDER BY id DESC LIMIT 1",
                                          DB_VALUES(DB_ID(channel_id), DB_TEXT(thread_key)), error);
        if (!read_one(rows, conversation, &merged_into, found, error))
            return FALSE;
    }
    return merged_into == 0 || conversation_find(db, merged_into, conversation, found, error);
}

static gboolean thread_step(Db *db, Id channel_id, char **thread_key, gboolean *moved,
                            GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT moved_to FROM thread_alias WHERE channel_id = $1 AND thread_key = $2",
                 DB_VALUES(DB_ID(channel_id), DB_TEXT(*thread_key)), error);
    if (rows == NULL)
        return FALSE;
    *moved = db_rows_next(rows, &failure);
    if (*moved) {
        g_free(*thread_key);
        *thread_key = g_strdup(db_rows_text(rows, 0));
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

char *conversation_thread_now(Db *db, Id channel_id, const char *thread_key, GError **error) {
    g_autofree char *key = g_strdup(thread_key);
    gboolean moved = TRUE;
    for (int steps = 0; moved && steps < ALIAS_STEPS_MAX; steps++)
        if (!thread_step(db, channel_id, &key, &moved, error))
            return NULL;
    return g_steal_pointer(&key);
}

gboolean conversation_rename_thread(Db *db, Id channel_id, const char *thread_key,
                                    const char *moved_to, GError **error) {
    return db_run(db,
                  "INSERT INTO thread_alias (channel_id, thread_key, moved_to) VALUES ($1, $2, $3)"
                  " ON CONFLICT (channel_id, thread_key) DO UPDATE SET moved_to = $3",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(thread_key), DB_TEXT(moved_to)), error) &&
           db_run(db,
                  "UPDATE conversation SET thread_key = $3 WHERE channel_id = $1"
                  " AND thread_key = $2",
                  DB_VALUES(DB_ID(channel_id), DB_TEXT(thread_key), DB_TEXT(moved_to)), error);
}

gboolean conversation_add(Db *db, const ConversationDraft *draft, Conversation *conversation,
                          GError **error) {
    *conversation = (Conversation){
        .id = draft->id != 0 ? draft->id : id_next(),
        .channel_id = draft->channel_id,
        .customer_id = draft->customer_id,
        .identity_id = draft->identity_id,
        .created_at = draft->created_at,
        .last_message_at = draft->created_at,
    };
    g_strlcpy(conversation->status, draft->status, sizeof conversation->status);
    return db_run(
        db,
        "INSERT INTO conversation (id, channel_id, customer_id, identity_id, thread_key, subject,"
        " base_subject, status, related_to, created_at, last_message_at, number)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, " CONVERSATION_NEXT_NUMBER ")",
        DB_VALUES(DB_ID(conversation->id), DB_ID(draft->channel_id), DB_ID(draft->customer_id),
                  DB_ID(draft->identity_id), DB_TEXT(draft->thread_key), DB_TEXT(draft->subject),
                  DB_TEXT(draft->base_subject), DB_TEXT(draft->status), DB_ID(draft->related_to),
                  DB_INSTANT(draft->created_at)),
        error);
}

gboolean conversation_touch(Db *db, Id id, Instant occurred_at, const char *preview, Id inbound_id,
                            GError **error) {
    return db_run(
        db,
        "UPDATE conversation SET message_count = message_count + 1, version = version + 1,"
        " preview = CASE WHEN $2 >= last_message_at THEN $3 ELSE preview END,"
        " last_message_at = CASE WHEN $2 > last_message_at THEN $2 ELSE last_message_at END,"
        " created_at = CASE WHEN $2 < created_at THEN $2 ELSE created_at END,"
        " last_inbound_id = CASE WHEN $4 > last_inbound_id THEN $4 ELSE last_inbound_id END"
        " WHERE id = $1",
        DB_VALUES(DB_ID(id), DB_INSTANT(occurred_at), DB_TEXT(preview), DB_INT(inbound_id)), error);
}

gboolean conversation_set_status(Db *db, Id id, const char *status, GError **error) {
    return db_run(db,
                  "UPDATE conversation SET status = $2, snoozed_until = NULL, version = version + 1"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_TEXT(status)), error);
}

gboolean conversation_add_channel(Db *db, Id id, Id channel_id, GError **error) {
    return db_run(db,
                  "INSERT INTO conversation_channel (conversation_id, channel_id) VALUES ($1, $2)"
                  " ON CONFLICT (conversation_id, channel_id) DO NOTHING",
                  DB_VALUES(DB_ID(id), DB_ID(channel_id)), error);
}

// $1 absorbs $2, step by step.
static const char *const absorb_steps[] = {
    "UPDATE message SET conversation_id = $1 WHERE conversation_id = $2",
    "UPDATE outbox SET conversation_id = $1 WHERE conversation_id = $2"
    " AND message_id IN (SELECT id FROM message WHERE conversation_id = $1)",
    "INSERT INTO conversation_channel (conversation_id, channel_id)"
    " SELECT $1, channel_id FROM conversation_channel WHERE conversation_id = $2"
    " ON CONFLICT (conversation_id, channel_id) DO NOTHING",
    "INSERT INTO conversation_channel (conversation_id, channel_id)"
    " SELECT $1, f.channel_id FROM conversation f JOIN conversation i ON i.id = $1"
    " WHERE f.id = $2 AND f.channel_id <> i.channel_id"
    " ON CONFLICT (conversation_id, channel_id) DO NOTHING",
    "INSERT INTO conversation_tag (conversation_id, tag_id)"
    " SELECT $1, tag_id FROM conversation_tag WHERE conversation_id = $2"
    " ON CONFLICT (conversation_id, tag_id) DO NOTHING",
    "INSERT INTO follower (conversation_id, agent_id, is_following)"
    " SELECT $1, agent_id, is_following FROM follower WHERE conversation_id = $2"
    " ON CONFLICT (conversation_id, agent_id) DO NOTHING",
    "INSERT INTO conversation_field (conversation_id, field_id, value)"
    " SELECT $1, field_id, value FROM conversation_field WHERE conversation_id = $2"
    " ON CONFLICT (conversation_id, field_id) DO NOTHING",
    "INSERT INTO participant (conversation_id, address, name, is_removed, agent_id, decided_at)"
    " SELECT $1, address, name, is_removed, agent_id, decided_at FROM participant"
    " WHERE conversation_id = $2 ON CONFLICT (conversation_id, address) DO NOTHING",
    "UPDATE conversation AS i SET"
    " status = CASE WHEN f.status = 'open' THEN 'open' ELSE i.status END,"
    " snoozed_until = CASE WHEN f.status = 'open' THEN NULL ELSE i.snoozed_until END,"
    " assignee_id = coalesce(i.assignee_id, f.assignee_id),"
    " team_id = coalesce(i.team_id, f.team_id),"
    " message_count = i.message_count + f.message_count,"
    " preview = CASE WHEN f.last_message_at > i.last_message_at THEN f.preview ELSE i.preview END,"
    " last_message_at = CASE WHEN f.last_message_at > i.last_message_at THEN f.last_message_at"
    " ELSE i.last_message_at END,"
    " last_inbound_id = CASE WHEN f.last_inbound_id > i.last_inbound_id THEN f.last_inbound_id"
    " ELSE i.last_inbound_id END,"
    " version = i.version + 1"
    " FROM conversation AS f WHERE i.id = $1 AND f.id = $2",
    "UPDATE conversation SET merged_into = $1 WHERE merged_into = $2",
    "UPDATE conversation SET merged_into = $1, waiting_since = NULL, version = version + 1 WHERE "
    "id = $2",
};

gboolean conversation_absorb(Db *db, Id into, Id from, GError **error) {
    for (gsize step = 0; step < G_N_ELEMENTS(absorb_steps); step++)
        if (!db_run(db, absorb_steps[step], DB_VALUES(DB_ID(into), DB_ID(from)), error))
            return FALSE;
    return TRUE;
}
