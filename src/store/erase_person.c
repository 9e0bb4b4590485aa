#include "store/blob_sweep.h"
#include "store/erase.h"

#define UPLOADS_MAX 1000
#define UNREAD_MAX 1000  // of one person
#define UNREAD_AT_ONCE 5 // whether others name their bytes is looked for everywhere
#define PARTS "(SELECT id FROM customer WHERE root_id = $1)"

static gboolean run_all(Db *db, const char *const *statements, Id id, Instant now, GError **error) {
    for (; *statements != NULL; statements++)
        if (!db_run(db, *statements, DB_VALUES(DB_ID(id), DB_INSTANT(now)), error))
            return FALSE;
    return TRUE;
}

static const char *const conversation_statements[] = {
    "DELETE FROM draft WHERE conversation_id = $1 AND $2 = $2",
    "DELETE FROM upload WHERE conversation_id = $1 AND $2 = $2",
    "DELETE FROM conversation_field WHERE conversation_id = $1 AND $2 = $2",
    "DELETE FROM participant WHERE conversation_id = $1 AND $2 = $2",
    "UPDATE conversation_link SET title = '', url = CASE WHEN url = '' THEN '' ELSE 'erased:' || id"
    " END WHERE conversation_id = $1 AND $2 = $2",
    "UPDATE webhook_delivery SET answer = NULL, reason = NULL WHERE conversation_id = $1 AND $2 ="
    " $2",
    "UPDATE webhook_delivery SET data = NULL, state = 'failed' WHERE conversation_id = $1 AND data"
    " IS NOT NULL AND $2 = $2",
    "DELETE FROM thread_alias WHERE (channel_id, moved_to) IN (SELECT channel_id, thread_key FROM"
    " conversation WHERE id = $1 AND $2 = $2)",
    // Kept answers that name the conversation: the same key is refused from now on.
    "UPDATE idempotency SET body = '' WHERE replace(body, CAST($1 AS TEXT), '') <> body AND $2 ="
    " $2",
    "UPDATE conversation SET subject = '', base_subject = '', preview = '', thread_key = NULL,"
    " erased_at = $2, version = version + 1 WHERE id = $1",
    NULL,
};

static gboolean take_names(Db *db, const char *sql, gint64 value, gint64 limit, GArray *ids,
                           GPtrArray *names, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_INT(value), DB_INT(limit)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &problem)) {
        Id id = db_rows_id(rows, 0);
        GBytes *name = db_rows_bytes(rows, 1);
        g_array_append_val(ids, id);
        g_ptr_array_add(names, name != NULL ? name : g_bytes_new(NULL, 0));
    }
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void bytes_free(gpointer bytes) {
    g_bytes_unref(bytes);
}

// What colleagues have brought for a shared draft of it, which is gone by now.
static gboolean release_uploads(Db *db, const GPtrArray *names, GError **error) {
    for (guint at = 0; at < names->len; at++)
        if (!blob_release(db, names->pdata[at], TRUE, error))
            return FALSE;
    return TRUE;
}

gboolean erase_conversation(Db *db, Id conversation_id, Instant now, GError **error) {
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(bytes_free);
    return take_names(db, "SELECT id, sha256 FROM upload WHERE conversation_id = $1 LIMIT $2",
                      conversation_id, UPLOADS_MAX, ids, names, error) &&
           run_all(db, conversation_statements, conversation_id, now, error) &&
           release_uploads(db, names, error);
}

static const char *const person_statements[] = {
    "DELETE FROM customer_word WHERE customer_id IN " PARTS " AND $2 = $2",
    "DELETE FROM customer_field WHERE customer_id IN " PARTS " AND $2 = $2",
    "DELETE FROM customer_note WHERE customer_id IN " PARTS " AND $2 = $2",
    "DELETE FROM customer_consent WHERE customer_id IN " PARTS " AND $2 = $2",
    "UPDATE audit SET data = '{}' WHERE object = 'customer' AND object_id IN " PARTS " AND $2 = $2",
    "UPDATE idempotency SET body = '' WHERE EXISTS (SELECT 1 FROM customer WHERE root_id = $1 AND"
    " replace(idempotency.body, CAST(customer.id AS TEXT), '') <> idempotency.body) AND $2 = $2",
    "UPDATE identity SET scope = '', address = 'erased:' || id, name = '', blocked_at = $2 WHERE"
    " customer_id IN " PARTS,
    "UPDATE customer SET name = '', language = NULL, company_id = NULL, preferred_channel_id ="
    " NULL, is_indexed = 1, erased_at = $2, version = version + 1 WHERE root_id = $1",
    NULL,
};

// Deliveries that could not be read and whose envelope names one of the addresses.
static const char unread[] =
    "SELECT DISTINCT intake.id, intake.raw_sha256 FROM intake JOIN identity ON identity.customer_id"
    " IN " PARTS " WHERE intake.state IN ('quarantined', 'refused') AND identity.address <> '' AND"
    " replace(lower(intake.envelope), identity.address, '') <> lower(intake.envelope) LIMIT $2";

static gboolean erase_unread_one(Db *db, Id intake_id, GBytes *sha256, GError **error) {
    return db_run(db,
                  "UPDATE intake SET raw = NULL, raw_sha256 = NULL, envelope = NULL, state ="
                  " 'refused', reason = 'erased' WHERE id = $1",
                  DB_VALUES(DB_ID(intake_id)), error) &&
           blob_release(db, sha256, TRUE, error);
}

static gboolean erase_listed(Db *db, const char *sql, gint64 value, gint64 limit, gint64 *count,
                             GError **error) {
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(bytes_free);
    if (!take_names(db, sql, value, limit, ids, names, error))
        return FALSE;
    for (guint at = 0; at < ids->len; at++)
        if (!erase_unread_one(db, g_array_index(ids, Id, at), names->pdata[at], error))
            return FALSE;
    *count = ids->len;
    return TRUE;
}

gboolean erase_unread(Db *db, Instant before, gint64 *count, GError **error) {
    return erase_listed(
        db,
        "SELECT id, raw_sha256 FROM intake WHERE state IN ('quarantined',"
        " 'refused') AND received_at < $1 AND (envelope IS NOT NULL OR raw IS NOT NULL OR"
        " raw_sha256 IS NOT NULL) ORDER BY id"
        " LIMIT $2",
        before, UNREAD_AT_ONCE, count, error);
}

static gboolean list_conversations(Db *db, Id root_id, GArray *ids, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, "SELECT id FROM conversation WHERE customer_id IN " PARTS,
                                      DB_VALUES(DB_ID(root_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &problem)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(ids, id);
    }
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean erase_person(Db *db, Id root_id, Instant now, GError **error) {
    g_autoptr(GArray) conversations = g_array_new(FALSE, FALSE, sizeof(Id));
    gint64 unread_count = 0;
    if (!erase_listed(db, unread, root_id, UNREAD_MAX, &unread_count, error) ||
        !list_conversations(db, root_id, conversations, error))
        return FALSE;
    for (guint at = 0; at < conversations->len; at++)
        if (!erase_conversation(db, g_array_index(conversations, Id, at), now, error))
            return FALSE;
    return run_all(db, person_statements, root_id, now, error);
}
