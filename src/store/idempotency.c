#include "store/idempotency.h"

#include <string.h>

#define KEPT_FOR (48 * 3600 * G_GINT64_CONSTANT(1000))

void kept_answer_clear(KeptAnswer *kept) {
    g_free(kept->body);
    *kept = (KeptAnswer){0};
}

gboolean idempotency_find(Db *db, Id agent_id, const char *key, const guint8 request_sha256[32],
                          KeptAnswer *kept, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(
        db, "SELECT status, body, request_sha256 FROM idempotency WHERE agent_id = $1 AND key = $2",
        DB_VALUES(DB_INT(agent_id), DB_TEXT(key)), error);
    if (rows == NULL)
        return FALSE;
    *kept = (KeptAnswer){0};
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            return TRUE;
        g_propagate_error(error, problem);
        return FALSE;
    }
    gsize length;
    const void *sha256 = db_rows_span(rows, 2, &length);
    kept->status = (unsigned)db_rows_int(rows, 0);
    kept->body = g_strdup(db_rows_text(rows, 1));
    kept->has_same_request = length == 32 && memcmp(sha256, request_sha256, 32) == 0;
    return TRUE;
}

gboolean idempotency_add(Db *db, Id agent_id, const char *key, const guint8 request_sha256[32],
                         unsigned status, const char *body, GError **error) {
    return db_run(
        db,
        "INSERT INTO idempotency (agent_id, key, request_sha256, status, body, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        DB_VALUES(DB_INT(agent_id), DB_TEXT(key), DB_SPAN(request_sha256, 32), DB_INT(status),
                  DB_TEXT(body), DB_INSTANT(clock_now())),
        error);
}

gboolean idempotency_prune(Db *db, Instant now, GError **error) {
    return db_run(db,
                  "DELETE FROM idempotency WHERE (agent_id, key) IN (SELECT agent_id, key FROM "
                  "idempotency WHERE created_at < $1 ORDER BY created_at LIMIT 1000)",
                  DB_VALUES(DB_INSTANT(now - KEPT_FOR)), error);
}
