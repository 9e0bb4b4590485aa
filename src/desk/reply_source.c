#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "desk/participants.h"
#include "desk/reply_draft.h"
#include "model/base_subject.h"
#include "store/agent.h"

static gboolean read_conversation(Reply *reply, Db *db, Id *channel_id, GError **error) {
    ReplyDraft *draft = reply->draft;
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT c.id, c.channel_id, c.subject, c.base_subject, c.thread_key, u.language, i.address"
        " FROM conversation a JOIN conversation c ON c.id = coalesce(a.merged_into, a.id)"
        " JOIN customer u ON u.id = c.customer_id LEFT JOIN identity i ON i.id = c.identity_id"
        " WHERE a.id = $1",
        DB_VALUES(DB_ID(reply->conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "conversation_unknown",
                      "there is no such conversation");
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    draft->conversation_id = db_rows_id(rows, 0);
    *channel_id = db_rows_id(rows, 1);
    draft->conversation_subject = g_strdup(db_rows_text(rows, 2));
    draft->base_subject = g_strdup(db_rows_text(rows, 3));
    draft->thread_key = g_strdup(db_rows_text(rows, 4));
    draft->language = g_strdup(db_rows_text(rows, 5));
    draft->identity_address = g_strdup(db_rows_text(rows, 6));
    return TRUE;
}

static char *read_html(const ReplyContext *context, Db *db, DbRows *rows) {
    gsize length;
    const void *sha256 = db_rows_span(rows, 4, &length);
    if (sha256 == NULL || length != SHA256_BYTES)
        return NULL;
    g_autoptr(GBytes) bytes = blob_read(context->store, db, sha256, NULL);
    if (bytes == NULL)
        return NULL;
    const char *text = g_bytes_get_data(bytes, &length);
    return g_strndup(text, length);
}

static void read_parent(ReplyParent *parent, const ReplyContext *context, Db *db, DbRows *rows) {
    if (parent->id != 0)
        return;
    parent->id = db_rows_id(rows, 0);
    parent->is_out = strcmp(db_rows_text(rows, 1), "out") == 0;
    parent->message_key = g_strdup(db_rows_text(rows, 2));
    parent->text = g_strdup(db_rows_text(rows, 3));
    parent->html = read_html(context, db, rows);
    parent->headers = json_loads(db_rows_text(rows, 5), 0, NULL);
    parent->occurred_at = db_rows_instant(rows, 6);
}

// A person's mail that belongs here by more than a signature (reliability.md E15).
static gboolean may_be_asked(DbRows *rows) {
    json_t *headers = json_loads(db_rows_text(rows, 5), 0, NULL);
    gboolean is_stranger =
        json_is_true(json_object_get(json_object_get(headers, "placement"), "stranger"));
    json_decref(headers);
    return !is_stranger && db_rows_int(rows, 7) == 0 && strcmp(db_rows_text(rows, 1), "in") == 0;
}

static gboolean read_messages(Reply *reply, const ReplyContext *context, Db *db, GError **error) {
    ReplyDraft *draft = reply->draft;
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, direction, message_key, text, html_sha256, headers, occurred_at,"
                 " is_automatic FROM message WHERE conversation_id = $1"
                 " AND direction IN ('in', 'out') AND removed_at IS NULL"
                 " AND state NOT IN ('refused', 'cancelled') AND NOT (state = 'held'"
                 " AND EXISTS (SELECT 1 FROM scheduled WHERE message_id = message.id))"
                 " ORDER BY occurred_at DESC, id DESC LIMIT 50",
                 DB_VALUES(DB_ID(draft->conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        gboolean is_out = strcmp(db_rows_text(rows, 1), "out") == 0, is_asked = may_be_asked(rows);
        if (is_out || is_asked) // neither a bounce nor a stranger's mail is what we answer
            read_parent(&draft->parent, context, db, rows);
        if (is_asked) {
            read_parent(&draft->asked, context, db, rows);
            draft->last_received_at = MAX(draft->last_received_at, db_rows_instant(rows, 6));
        }
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return failure == NULL;
}

static gboolean find_channel(Reply *reply, const ReplyContext *context, Id channel_id,
                             GError **error) {
    ReplyDraft *draft = reply->draft;
    draft->channel = channel_directory_find(context->channels, channel_id);
    draft->kind = draft->channel != NULL ? registry_find(draft->channel->kind) : NULL;
    if (draft->kind == NULL) {
        error_set(error, ERROR_CONFLICT, "channel_gone",
                  "the channel of this conversation was removed");
        return FALSE;
    }
    draft->is_mail = strcmp(draft->kind->name, "email") == 0;
    return TRUE;
}

static gboolean read_signature(Reply *reply, Db *db, GError **error) {
    ReplyDraft *draft = reply->draft;
    g_autoptr(Agent) agent = NULL;
    if (reply->agent_id != 0) {
        agent = agent_get(db, reply->agent_id, error);
        if (agent == NULL)
            return FALSE;
    }
    draft->signature = agent != NULL && *agent->signature != '\0'
                           ? g_strdup(agent->signature)
                           : g_strdup(channel_config_get(draft->channel, "signature"));
    return TRUE;
}

static void begin_conversation(Reply *reply) {
    ReplyDraft *draft = reply->draft;
    draft->conversation_id = id_next();
    draft->conversation_subject = g_strdup(reply->subject != NULL ? reply->subject : "");
    draft->base_subject = base_subject(draft->conversation_subject, NULL);
}

static gboolean read_participants(Reply *reply, Db *db, GError **error) {
    if (!reply->to_all)
        return TRUE;
    reply->draft->participants = participants_list(db, reply->draft->conversation_id, error);
    return reply->draft->participants != NULL;
}

gboolean reply_source_read(Reply *reply, const ReplyContext *context, Db *db, GError **error) {
    Id channel_id = reply->channel_id;
    if (reply->conversation_id == 0)
        begin_conversation(reply);
    else if (!read_conversation(reply, db, &channel_id, error) ||
             !read_messages(reply, context, db, error) || !read_participants(reply, db, error))
        return FALSE;
    return find_channel(reply, context, channel_id, error) && read_signature(reply, db, error);
}
