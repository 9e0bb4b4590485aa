#include "desk/notice.h"

#include <string.h>

#include "store/visibility.h"

#define DAY_MS ((gint64)24 * 3600 * 1000)
#define NEWS_MS ((gint64)3600 * 1000) // what happened before is history: an import, a late mail
#define RECIPIENTS_MAX 500

gboolean notice_add(Db *db, Id agent_id, const char *kind, const Event *event, GError **error) {
    if (agent_id == 0 || (event->actor == ACTOR_AGENT && event->actor_id == agent_id))
        return TRUE;
    return db_run(
        db,
        "INSERT INTO notice (id, agent_id, kind, conversation_id, message_id, actor, actor_id,"
        " created_at) SELECT $1, agent.id, $3, named.id, $5, $6, $7, $8 FROM agent JOIN"
        " conversation AS named ON named.id = $4 WHERE agent.id = $2 AND agent.disabled_at IS NULL"
        " AND " VISIBLE_CONVERSATION("named", "$2") " ON CONFLICT DO NOTHING",
        DB_VALUES(DB_ID(id_next()), DB_ID(agent_id), DB_TEXT(kind), DB_ID(event->conversation_id),
                  DB_ID(event->message_id), DB_TEXT(actor_name(event->actor)),
                  DB_ID(event->actor_id), DB_INSTANT(event->recorded_at)),
        error);
}

// Each agent of the query's rows.
static gboolean add_each(Db *db, const char *kind, const Event *event, const char *sql, Id id,
                         GError **error) {
    GError *failure = NULL;
    g_autoptr(GArray) agents = g_array_new(FALSE, FALSE, sizeof(Id));
    {
        g_autoptr(DbRows) rows =
            db_query(db, sql, DB_VALUES(DB_ID(id), DB_INT(RECIPIENTS_MAX)), error);
        if (rows == NULL)
            return FALSE;
        while (db_rows_next(rows, &failure)) {
            Id agent_id = db_rows_id(rows, 0);
            g_array_append_val(agents, agent_id);
        }
    }
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    for (guint at = 0; at < agents->len; at++)
        if (!notice_add(db, g_array_index(agents, Id, at), kind, event, error))
            return FALSE;
    return TRUE;
}

static const char followers[] =
    "SELECT agent_id FROM follower WHERE conversation_id = $1 AND is_following = 1 LIMIT $2";
static const char members[] = "SELECT agent_id FROM agent_team WHERE team_id = $1 LIMIT $2";
static const char assignee[] =
    "SELECT assignee_id FROM conversation WHERE id = $1 AND assignee_id IS NOT NULL LIMIT $2";
static const char writer_of_failed[] =
    "SELECT agent_id FROM message WHERE id = $1 AND agent_id IS NOT NULL AND state <> 'cancelled'"
    " LIMIT $2";

// Follows by taking part, unless they have left.
static gboolean follow(Db *db, Id conversation_id, Id agent_id, GError **error) {
    return agent_id == 0 || db_run(db,
                                   "INSERT INTO follower (conversation_id, agent_id, is_following)"
                                   " SELECT $1, id, 1 FROM agent WHERE id = $2"
                                   " ON CONFLICT (conversation_id, agent_id) DO NOTHING",
                                   DB_VALUES(DB_ID(conversation_id), DB_ID(agent_id)), error);
}

gboolean notice_follow(Db *db, Id conversation_id, Id agent_id, gboolean is_following,
                       GError **error) {
    return db_run(db,
                  "INSERT INTO follower (conversation_id, agent_id, is_following)"
                  " VALUES ($1, $2, $3) ON CONFLICT (conversation_id, agent_id)"
                  " DO UPDATE SET is_following = excluded.is_following",
                  DB_VALUES(DB_ID(conversation_id), DB_ID(agent_id), DB_INT(is_following)), error);
}

static gboolean about_mention(Db *db, const Event *event, GError **error) {
    size_t at;
    const json_t *id;
    json_array_foreach(json_object_get(event->data, "agents"), at, id) {
        if (!notice_add(db, json_integer_value(id), "mentioned", event, error) ||
            !follow(db, event->conversation_id, json_integer_value(id), error))
            return FALSE;
    }
    json_array_foreach(json_object_get(event->data, "teams"), at, id) {
        if (!add_each(db, "mentioned", event, members, json_integer_value(id), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean about_assignment(Db *db, const Event *event, GError **error) {
    Id to = json_integer_value(json_object_get(event->data, "to"));
    Id from = json_integer_value(json_object_get(event->data, "from"));
    return to == from || (follow(db, event->conversation_id, to, error) &&
                          notice_add(db, to, "assigned", event, error));
}

static gboolean about_failure(Db *db, const Event *event, GError **error) {
    const Event of_system = {.conversation_id = event->conversation_id,
                             .message_id = event->message_id,
                             .actor = ACTOR_SYSTEM,
                             .recorded_at = event->recorded_at};
    return add_each(db, "reply_failed", &of_system, writer_of_failed, event->message_id, error);
}

static gboolean about_waking(Db *db, const Event *event, GError **error) {
    return event->actor != ACTOR_SYSTEM ||
           add_each(db, "unsnoozed", event, assignee, event->conversation_id, error);
}

static gboolean about_news(Db *db, const Event *event, GError **error) {
    if (json_is_true(json_object_get(event->data, "automatic")))
        return TRUE;
    return add_each(db, "updated", event, followers, event->conversation_id, error);
}

static gboolean about_reply(Db *db, const Event *event, GError **error) {
    return about_news(db, event, error) &&
           (event->actor != ACTOR_AGENT ||
            follow(db, event->conversation_id, event->actor_id, error));
}

static gboolean (*const steps[EVENT_TYPES])(Db *db, const Event *event, GError **error) = {
    [EVENT_MENTIONED] = about_mention,    [EVENT_ASSIGNED] = about_assignment,
    [EVENT_REPLY_FAILED] = about_failure, [EVENT_REPLY_UNKNOWN] = about_failure,
    [EVENT_UNSNOOZED] = about_waking,     [EVENT_MESSAGE_RECEIVED] = about_news,
    [EVENT_NOTE_ADDED] = about_news,      [EVENT_REPLY_WRITTEN] = about_reply,
};

gboolean notice_apply(Db *db, const Event *event, GError **error) {
    gboolean is_news = event->recorded_at - event->occurred_at < NEWS_MS;
    return steps[event->type] == NULL || event->conversation_id == 0 || !is_news ||
           steps[event->type](db, event, error);
}

gboolean notice_prune(Db *db, Instant now, guint limit, GError **error) {
    return db_run(
        db,
        "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE created_at < $1"
        " AND (read_at IS NOT NULL OR created_at < $2) ORDER BY created_at LIMIT $3)",
        DB_VALUES(DB_INSTANT(now - 30 * DAY_MS), DB_INSTANT(now - 180 * DAY_MS), DB_INT(limit)),
        error);
}
