#include "desk/conversation_merge.h"

#include "base/error.h"
#include "desk/record.h"
#include "store/conversation.h"

static gboolean get(Db *db, Id id, Conversation *conversation, GError **error) {
    gboolean found;
    if (!conversation_find(db, id, conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown",
                  "there is no conversation %" G_GINT64_FORMAT, id);
    return found;
}

static gboolean refuse(const char *code, const char *message, GError **error) {
    error_set(error, ERROR_CONFLICT, code, "%s", message);
    return FALSE;
}

static gboolean record_with_id(Db *db, EventType type, Id conversation_id, Id agent_id,
                               const char *member, Id other, GError **error) {
    return record_happening(db, type, conversation_id, ACTOR_AGENT, agent_id,
                            json_pack("{s:I}", member, (json_int_t)other), error);
}

gboolean conversation_merge(Db *db, Id into, Id from, Id agent_id, GError **error) {
    Conversation kept, other;
    if (!get(db, into, &kept, error) || !get(db, from, &other, error))
        return FALSE;
    if (kept.id == other.id)
        return refuse("conversations_are_one", "these are one conversation already", error);
    return conversation_absorb(db, kept.id, other.id, error) &&
           record_with_id(db, EVENT_MERGED, kept.id, agent_id, "from", other.id, error);
}

// The direct alias target of a conversation that was merged by hand.
static gboolean find_merge(Db *db, Id from, Id *into, GError **error) {
    gboolean found;
    if (!db_query_int(db,
                      "SELECT e.conversation_id FROM conversation c JOIN event e"
                      " ON e.conversation_id = c.merged_into WHERE c.id = $1"
                      " AND e.type = 'merged' AND e.data LIKE '%\"from\":' || c.id || '}'"
                      " ORDER BY e.seq DESC LIMIT 1",
                      DB_VALUES(DB_ID(from)), into, &found, error))
        return FALSE;
    return found || refuse("conversation_not_merged",
                           "this conversation was not merged into another by hand", error);
}

// $1 leaves $2 with the messages whose events are its own.
static const char *const unmerge_steps[] = {
    "UPDATE conversation SET merged_into = NULL, version = version + 1 WHERE id = $1 AND $2 > 0",
    "UPDATE message SET conversation_id = $1 WHERE conversation_id = $2"
    " AND id IN (SELECT message_id FROM event WHERE conversation_id = $1)",
    "UPDATE outbox SET conversation_id = $1 WHERE conversation_id = $2"
    " AND message_id IN (SELECT message_id FROM event WHERE conversation_id = $1)",
};

// Counts and last message of $1 from its messages.
static const char recount[] =
    "UPDATE conversation SET"
    " message_count = (SELECT count(*) FROM message WHERE conversation_id = $1"
    " AND direction <> 'note'),"
    " last_message_at = coalesce((SELECT max(occurred_at) FROM message WHERE conversation_id = $1"
    " AND direction <> 'note'),"
    " last_message_at),"
    " last_inbound_id = coalesce((SELECT max(id) FROM message WHERE conversation_id = $1"
    " AND direction = 'in'), 0), version = version + 1 WHERE id = $1";

static gboolean recount_both(Db *db, Id one, Id other, GError **error) {
    return db_run(db, recount, DB_VALUES(DB_ID(one)), error) &&
           db_run(db, recount, DB_VALUES(DB_ID(other)), error);
}

gboolean conversation_unmerge(Db *db, Id from, Id agent_id, GError **error) {
    Id into;
    if (!find_merge(db, from, &into, error))
        return FALSE;
    for (gsize step = 0; step < G_N_ELEMENTS(unmerge_steps); step++)
        if (!db_run(db, unmerge_steps[step], DB_VALUES(DB_ID(from), DB_ID(into)), error))
            return FALSE;
    return recount_both(db, from, into, error) &&
           record_with_id(db, EVENT_UNMERGED, into, agent_id, "from", from, error);
}

static gboolean move_message(Db *db, Id message_id, Id from, Id to, GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(
            db, "UPDATE message SET conversation_id = $3 WHERE id = $1 AND conversation_id = $2",
            DB_VALUES(DB_ID(message_id), DB_ID(from), DB_ID(to)), &changed, error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_INVALID, "message_elsewhere",
                  "message %" G_GINT64_FORMAT " is not of this conversation", message_id);
    return changed == 1;
}

static gboolean begin_copy(Db *db, const Conversation *original, Id *to, GError **error) {
    *to = id_next();
    return db_run(db,
                  "INSERT INTO conversation (id, channel_id, customer_id, identity_id, thread_key,"
                  " subject, base_subject, status, assignee_id, team_id, priority, related_to,"
                  " created_at, last_message_at, is_split, number)"
                  " SELECT $2, channel_id, customer_id, identity_id, NULL, subject, base_subject,"
                  " status, assignee_id, team_id, priority, id, created_at, last_message_at, "
                  "1, " CONVERSATION_NEXT_NUMBER " FROM conversation WHERE id = $1",
                  DB_VALUES(DB_ID(original->id), DB_ID(*to)), error) &&
           db_run(db, "UPDATE conversation SET is_split = 1 WHERE id = $1",
                  DB_VALUES(DB_ID(original->id)), error);
}

static gboolean check_split(Db *db, Id id, gsize count, GError **error) {
    gint64 messages;
    gboolean found;
    if (!db_query_int(db, "SELECT count(*) FROM message WHERE conversation_id = $1",
                      DB_VALUES(DB_ID(id)), &messages, &found, error))
        return FALSE;
    if (count > 0 && (gint64)count < messages)
        return TRUE;
    error_set(error, ERROR_INVALID, "split_invalid",
              "choose some of the conversation's messages, but not all of them");
    return FALSE;
}

static gboolean record_split(Db *db, Id id, Id to, const Id *messages, gsize count, Id agent_id,
                             GError **error) {
    json_t *moved = json_array();
    for (gsize at = 0; at < count; at++)
        json_array_append_new(moved, json_integer(messages[at]));
    json_t *data = json_pack("{s:I, s:o}", "to", (json_int_t)to, "messages", moved);
    return record_happening(db, EVENT_SPLIT, id, ACTOR_AGENT, agent_id, data, error);
}

gboolean conversation_split(Db *db, Id id, const Id *messages, gsize count, Id agent_id, Id *to,
                            GError **error) {
    Conversation original;
    if (!get(db, id, &original, error) || !check_split(db, original.id, count, error) ||
        !begin_copy(db, &original, to, error))
        return FALSE;
    for (gsize at = 0; at < count; at++)
        if (!move_message(db, messages[at], original.id, *to, error))
            return FALSE;
    return recount_both(db, original.id, *to, error) &&
           record_split(db, original.id, *to, messages, count, agent_id, error);
}

gboolean conversation_unsplit(Db *db, Id id, Id to, Id agent_id, GError **error) {
    Conversation original, part;
    gboolean found = FALSE;
    gint64 one;
    if (!get(db, id, &original, error) || !get(db, to, &part, error) ||
        !db_query_int(db,
                      "SELECT 1 FROM conversation WHERE id = $1 AND related_to = $2"
                      " AND is_split = 1",
                      DB_VALUES(DB_ID(part.id), DB_ID(original.id)), &one, &found, error))
        return FALSE;
    if (!found)
        return refuse("conversation_not_split", "that conversation was not split from this one",
                      error);
    return conversation_absorb(db, original.id, part.id, error) &&
           record_with_id(db, EVENT_UNSPLIT, original.id, agent_id, "to", part.id, error);
}

static gboolean is_same_kind(Db *db, Id one, Id other, gboolean *answer, GError **error) {
    gint64 unused;
    return db_query_int(db,
                        "SELECT 1 FROM channel a JOIN channel b ON b.kind = a.kind"
                        " WHERE a.id = $1 AND b.id = $2 AND b.removed_at IS NULL",
                        DB_VALUES(DB_ID(one), DB_ID(other)), &unused, answer, error);
}

gboolean conversation_move(Db *db, Id id, Id channel_id, Id agent_id, GError **error) {
    Conversation conversation;
    gboolean fits;
    if (!get(db, id, &conversation, error) ||
        !is_same_kind(db, conversation.channel_id, channel_id, &fits, error))
        return FALSE;
    if (!fits) {
        error_set(error, ERROR_INVALID, "channel_unfit",
                  "a conversation moves only to a channel of its own kind");
        return FALSE;
    }
    json_t *data = json_pack("{s:I, s:I}", "channel_from", (json_int_t)conversation.channel_id,
                             "channel_to", (json_int_t)channel_id);
    return db_run(db,
                  "UPDATE conversation SET channel_id = $2, version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(conversation.id), DB_ID(channel_id)), error) &&
           record_happening(db, EVENT_MOVED, conversation.id, ACTOR_AGENT, agent_id, data, error);
}

// Where the conversation came from when it was last moved, if it is still where it was moved to.
static gboolean find_move(Db *db, const Conversation *conversation, Id *channel_from,
                          GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT data FROM event WHERE conversation_id = $1"
                                      " AND type = 'moved' ORDER BY seq DESC LIMIT 1",
                                      DB_VALUES(DB_ID(conversation->id)), error);
    if (rows == NULL)
        return FALSE;
    gboolean is_moved = db_rows_next(rows, &failure);
    json_t *data = is_moved ? json_loads(db_rows_text(rows, 0), 0, NULL) : NULL;
    *channel_from = json_integer_value(json_object_get(data, "channel_from"));
    is_moved = is_moved && *channel_from != 0 &&
               json_integer_value(json_object_get(data, "channel_to")) == conversation->channel_id;
    json_decref(data);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return is_moved || refuse("conversation_not_moved",
                              "this conversation was not moved to its channel by hand", error);
}

gboolean conversation_unmove(Db *db, Id id, Id agent_id, GError **error) {
    Conversation conversation;
    Id channel_from = 0;
    return get(db, id, &conversation, error) &&
           find_move(db, &conversation, &channel_from, error) &&
           conversation_move(db, conversation.id, channel_from, agent_id, error);
}
