#include "store/session.h"

#include "store/role.h"

#define BROWSER_MAX 200
#define KEPT_MS (30 * 24 * G_GINT64_CONSTANT(3600000))

#define LIVE                                                                                       \
    "session.ended_at IS NULL AND session.ends_at > $2 AND session.seen_at > $3 AND "              \
    "agent.disabled_at IS NULL"

static gboolean read_owner(Db *db, DbRows *rows, SessionOwner *owner, gboolean *found,
                           GError **error) {
    *owner = (SessionOwner){
        .id = db_rows_id(rows, 0),
        .agent_id = db_rows_id(rows, 1),
        .seen_at = db_rows_instant(rows, 3),
    };
    g_autofree char *role = g_strdup(db_rows_text(rows, 2));
    return role_find(db, role, &owner->permissions, found, error);
}

gboolean session_find(Db *db, const guint8 sha256[32], Instant now, SessionOwner *owner,
                      gboolean *found, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT session.id, agent.id, agent.role, session.seen_at FROM session JOIN agent ON "
        "agent.id = session.agent_id WHERE session.hash = $1 AND " LIVE,
        DB_VALUES(DB_SPAN(sha256, 32), DB_INSTANT(now), DB_INSTANT(now - SESSION_IDLE_MS)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    return !*found || read_owner(db, rows, owner, found, error);
}

gboolean session_is_live(Db *db, Id id, Instant now, gboolean *is_live, GError **error) {
    gint64 one = 0;
    return db_query_int(
        db,
        "SELECT 1 FROM session JOIN agent ON agent.id = session.agent_id WHERE session.id = $1 "
        "AND " LIVE,
        DB_VALUES(DB_ID(id), DB_INSTANT(now), DB_INSTANT(now - SESSION_IDLE_MS)), &one, is_live,
        error);
}

gboolean session_add(Db *db, const NewSession *session, const guint8 sha256[32], GError **error) {
    g_autofree char *valid =
        g_utf8_make_valid(session->browser != NULL ? session->browser : "", -1);
    g_autofree char *browser =
        g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), BROWSER_MAX));
    return db_run(db,
                  "INSERT INTO session (id, agent_id, hash, method, address, browser, created_at, "
                  "seen_at, confirmed_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)",
                  DB_VALUES(DB_ID(session->id), DB_ID(session->agent_id), DB_SPAN(sha256, 32),
                            DB_TEXT(session->method), DB_TEXT(session->address), DB_TEXT(browser),
                            DB_INSTANT(session->now), DB_INSTANT(session->now + SESSION_LIFE_MS)),
                  error);
}

gboolean session_rotate(Db *db, Id id, const guint8 sha256[32], Instant now, GError **error) {
    return db_run(db,
                  "UPDATE session SET hash = $2, confirmed_at = $3, seen_at = $3 WHERE id = $1 "
                  "AND ended_at IS NULL",
                  DB_VALUES(DB_ID(id), DB_SPAN(sha256, 32), DB_INSTANT(now)), error);
}

gboolean session_confirmed_at(Db *db, Id id, Instant *instant, GError **error) {
    gint64 value = 0;
    gboolean found = FALSE;
    if (!db_query_int(db, "SELECT confirmed_at FROM session WHERE id = $1", DB_VALUES(DB_ID(id)),
                      &value, &found, error))
        return FALSE;
    *instant = found ? value : INSTANT_NONE;
    return TRUE;
}

gboolean session_end(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}

gboolean session_end_others(Db *db, Id agent_id, Id kept, Instant now, GError **error) {
    return db_run(db,
                  "UPDATE session SET ended_at = $3 WHERE agent_id = $1 AND id <> $2 AND ended_at "
                  "IS NULL",
                  DB_VALUES(DB_ID(agent_id), DB_INT(kept), DB_INSTANT(now)), error);
}

gboolean session_mark_seen(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}

gboolean session_prune(Db *db, Instant now, GError **error) {
    return db_run(db,
                  "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE ends_at < $1 "
                  "ORDER BY ends_at LIMIT 1000)",
                  DB_VALUES(DB_INSTANT(now - KEPT_MS)), error);
}
