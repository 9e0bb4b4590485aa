#include "store/upload.h"

#include <string.h>

#include "base/error.h"

void upload_free(Upload *upload) {
    if (upload == NULL)
        return;
    g_free(upload->name);
    g_free(upload->type);
    g_free(upload);
}

static Upload *read_row(DbRows *rows) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, 6, &length);
    Upload *upload = g_new0(Upload, 1);
    upload->id = db_rows_id(rows, 0);
    upload->agent_id = db_rows_id(rows, 1);
    upload->conversation_id = db_rows_id(rows, 2);
    upload->name = g_strdup(db_rows_text(rows, 3));
    upload->type = g_strdup(db_rows_text(rows, 4));
    upload->size = db_rows_int(rows, 5);
    if (length == SHA256_BYTES)
        memcpy(upload->sha256, sha256, length);
    return upload;
}

Upload *upload_get(Db *db, Id id, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, agent_id, conversation_id, name, type, size, sha256 FROM upload"
                 " WHERE id = $1",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &failure))
        return read_row(rows);
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "upload_unknown", "there is no such upload");
    g_propagate_error(error, failure);
    return NULL;
}

static gboolean check_room(Db *db, const Upload *upload, GError **error) {
    gint64 fits = 0;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT count(*) < $2 AND coalesce(sum(size), 0) + $3 <= $4 FROM upload"
                      " WHERE agent_id = $1",
                      DB_VALUES(DB_ID(upload->agent_id), DB_INT(UPLOADS_MAX), DB_INT(upload->size),
                                DB_INT(UPLOAD_BYTES_MAX)),
                      &fits, &found, error))
        return FALSE;
    if (fits == 0)
        error_set(error, ERROR_LIMIT, "uploads_too_many",
                  "an agent has at most 200 uploads of 500 MiB together: remove some");
    return fits != 0;
}

gboolean upload_add(Db *db, const Upload *upload, const Blob *blob, Instant now, GError **error) {
    return check_room(db, upload, error) && blob_add(db, blob, error) &&
           db_run(db,
                  "INSERT INTO upload (id, agent_id, name, type, size, sha256, used_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_VALUES(DB_ID(upload->id), DB_ID(upload->agent_id), DB_TEXT(upload->name),
                            DB_TEXT(upload->type), DB_INT(upload->size),
                            DB_SPAN(blob_sha256(blob), SHA256_BYTES), DB_INSTANT(now)),
                  error);
}

gboolean upload_remove(Db *db, Id id, GError **error) {
    return db_run(db, "DELETE FROM upload WHERE id = $1", DB_VALUES(DB_ID(id)), error);
}

gboolean upload_touch(Db *db, Id id, Id conversation_id, Instant now, GError **error) {
    return db_run(db,
                  "UPDATE upload SET used_at = $3, conversation_id = coalesce($2, conversation_id)"
                  " WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_ID(conversation_id), DB_INSTANT(now)), error);
}

gboolean upload_prune(Db *db, Instant now, guint limit, GError **error) {
    return db_run(db,
                  "DELETE FROM upload WHERE id IN (SELECT id FROM upload WHERE used_at < $1"
                  " ORDER BY used_at LIMIT $2)",
                  DB_VALUES(DB_INSTANT(now - UPLOAD_KEPT_MS), DB_INT(limit)), error);
}
