#include "store/token.h"

#include "base/error.h"
#include "store/role.h"

void token_hash(const char *token, guint8 sha256[32]) {
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = 32;
    g_checksum_update(checksum, (const guchar *)token, -1);
    g_checksum_get_digest(checksum, sha256, &size);
}

gboolean token_find(Db *db, const guint8 sha256[32], Instant now, TokenOwner *owner,
                    gboolean *found, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT token.id, agent.id, agent.role, token.last_used_at, token.scopes FROM token JOIN "
        "agent ON "
        "agent.id "
        "= token.agent_id WHERE token.hash = $1 AND token.revoked_at IS NULL AND "
        "agent.disabled_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > $2)",
        DB_VALUES(DB_SPAN(sha256, 32), DB_INSTANT(now)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (!*found)
        return TRUE;
    *owner = (TokenOwner){.id = db_rows_id(rows, 0),
                          .agent_id = db_rows_id(rows, 1),
                          .last_used_at = db_rows_instant(rows, 3)};
    if (!role_find(db, db_rows_text(rows, 2), &owner->permissions, found, error))
        return FALSE;
    if (!db_rows_is_null(rows, 4))
        owner->permissions &= permission_set_parse(db_rows_text(rows, 4));
    return TRUE;
}

gboolean token_add(Db *db, Id id, Id agent_id, const char *name, const guint8 sha256[32],
                   const char *scopes, Instant now, Instant expires_at, GError **error) {
    gint64 added = 0;
    if (!db_run_counted(
            db,
            "INSERT INTO token (id, agent_id, name, hash, created_at, expires_at, "
            "scopes) SELECT $1, agent.id, $3, $4, $5, $6, $7 FROM agent WHERE agent.id = $2",
            DB_VALUES(DB_ID(id), DB_ID(agent_id), DB_TEXT(name), DB_SPAN(sha256, 32),
                      DB_INSTANT(now), DB_INSTANT(expires_at), DB_TEXT(scopes)),
            &added, error))
        return FALSE;
    if (added == 0)
        error_set(error, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    return added > 0;
}

gboolean token_revoke(Db *db, Id id, Instant now, GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(db, "UPDATE token SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1",
                        DB_VALUES(DB_ID(id), DB_INSTANT(now)), &changed, error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, "token_unknown", "there is no such token");
    return changed > 0;
}

gboolean token_mark_used(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE token SET last_used_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}
