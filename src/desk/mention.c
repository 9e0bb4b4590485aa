#include "desk/mention.h"

#include "base/error.h"
#include "desk/record.h"
#include "store/visibility.h"

// The same words for who is not there and for who may not see: a mention reveals nothing (T05).
static gboolean refuse(GError **error) {
    error_set(error, ERROR_INVALID, "mention_unseen",
              "whom you mention must be here and see this conversation");
    return FALSE;
}

static gboolean exists(Db *db, const char *sql, Id id, gboolean *answer, GError **error) {
    gint64 one;
    return db_query_int(db, sql, DB_VALUES(DB_ID(id)), &one, answer, error);
}

static gboolean sees(Db *db, Id agent_id, VisibilityObject object, Id id, gboolean *answer,
                     GError **error) {
    GError *failure = NULL;
    *answer = visibility_check(db, agent_id, object, id, &failure);
    if (*answer || error_kind(failure) == ERROR_NOT_FOUND) {
        g_clear_error(&failure);
        return TRUE;
    }
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean check_agent(Db *db, Id agent_id, Id conversation_id, GError **error) {
    gboolean is_here, is_seen = FALSE;
    if (!exists(db, "SELECT 1 FROM agent WHERE id = $1 AND disabled_at IS NULL", agent_id, &is_here,
                error) ||
        !sees(db, agent_id, VISIBILITY_CONVERSATION, conversation_id, &is_seen, error))
        return FALSE;
    return (is_here && is_seen) || refuse(error);
}

// Of its members those hear of it who see the conversation.
static gboolean check_team(Db *db, Id team_id, Id writer_id, GError **error) {
    gboolean is_here, is_seen = TRUE;
    if (!exists(db, "SELECT 1 FROM team WHERE id = $1", team_id, &is_here, error) ||
        (writer_id != 0 && !sees(db, writer_id, VISIBILITY_TEAM, team_id, &is_seen, error)))
        return FALSE;
    return (is_here && is_seen) || refuse(error);
}

// *is_new: whether it was not there.
static gboolean add(Db *db, Id message_id, const Mention *mention, gboolean *is_new,
                    GError **error) {
    gint64 count = 0;
    gboolean done = db_run_counted(
        db,
        "INSERT INTO mention (message_id, agent_id, team_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (message_id, agent_id, team_id) DO NOTHING",
        DB_VALUES(DB_ID(message_id), DB_INT(mention->agent_id), DB_INT(mention->team_id)), &count,
        error);
    *is_new = count > 0;
    return done;
}

static gboolean is_among(const GArray *mentions, Id agent_id, Id team_id) {
    for (guint at = 0; at < mentions->len; at++) {
        const Mention *mention = &g_array_index(mentions, Mention, at);
        if (mention->agent_id == agent_id && mention->team_id == team_id)
            return TRUE;
    }
    return FALSE;
}

// Those of before that are mentioned no longer.
static gboolean remove_others(Db *db, Id message_id, const GArray *mentions, GError **error) {
    GError *failure = NULL;
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(Mention));
    {
        g_autoptr(DbRows) rows =
            db_query(db, "SELECT agent_id, team_id FROM mention WHERE message_id = $1",
                     DB_VALUES(DB_ID(message_id)), error);
        if (rows == NULL)
            return FALSE;
        while (db_rows_next(rows, &failure)) {
            const Mention mention = {db_rows_int(rows, 0), db_rows_int(rows, 1)};
            if (!is_among(mentions, mention.agent_id, mention.team_id))
                g_array_append_val(gone, mention);
        }
    }
    for (guint at = 0; failure == NULL && at < gone->len; at++) {
        const Mention *mention = &g_array_index(gone, Mention, at);
        db_run(db, "DELETE FROM mention WHERE message_id = $1 AND agent_id = $2 AND team_id = $3",
               DB_VALUES(DB_ID(message_id), DB_INT(mention->agent_id), DB_INT(mention->team_id)),
               &failure);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean record(Db *db, Id conversation_id, Id message_id, Id writer_id, json_t *agents,
                       json_t *teams, GError **error) {
    gboolean is_nobody = json_array_size(agents) + json_array_size(teams) == 0;
    g_autoptr(Event) event =
        event_new(EVENT_MENTIONED, conversation_id, writer_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM,
                  writer_id, json_pack("{s:o, s:o}", "agents", agents, "teams", teams));
    event->message_id = message_id;
    return is_nobody || record_event(db, event, error);
}

gboolean mention_set(Db *db, Id conversation_id, Id message_id, Id agent_id, const GArray *mentions,
                     GError **error) {
    json_t *agents = json_array();
    json_t *teams = json_array();
    gboolean done = remove_others(db, message_id, mentions, error);
    for (guint at = 0; done && at < mentions->len; at++) {
        const Mention *mention = &g_array_index(mentions, Mention, at);
        gboolean is_new = FALSE;
        done = (mention->agent_id != 0 ? check_agent(db, mention->agent_id, conversation_id, error)
                                       : check_team(db, mention->team_id, agent_id, error)) &&
               add(db, message_id, mention, &is_new, error);
        if (done && is_new)
            json_array_append_new(
                mention->agent_id != 0 ? agents : teams,
                json_integer(mention->agent_id != 0 ? mention->agent_id : mention->team_id));
    }
    if (done)
        return record(db, conversation_id, message_id, agent_id, agents, teams, error);
    json_decref(agents);
    json_decref(teams);
    return FALSE;
}
