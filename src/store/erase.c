#include "store/erase.h"

#include "store/blob_sweep.h"
#include "store/search.h"

typedef struct {
    GBytes *sha256;
    gboolean is_searched; // somebody may name it without an index that says so
} Candidate;

static void candidate_clear(gpointer data) {
    g_bytes_unref(((Candidate *)data)->sha256);
}

static GArray *candidates_new(void) {
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_array_set_clear_func(list, candidate_clear);
    return list;
}

// Names of blobs: a column of sha256, and whether a slow look is needed.
static gboolean candidates_take(Db *db, const char *sql, Id id, GArray *list, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &problem)) {
        Candidate candidate = {db_rows_bytes(rows, 0), db_rows_int(rows, 1) != 0};
        if (candidate.sha256 != NULL)
            g_array_append_val(list, candidate);
    }
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean candidates_release(Db *db, const GArray *list, GError **error) {
    for (guint at = 0; at < list->len; at++) {
        const Candidate *candidate = &g_array_index(list, Candidate, at);
        if (!blob_release(db, candidate->sha256, candidate->is_searched, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean run_all(Db *db, const char *const *statements, Id id, Instant now, GError **error) {
    for (; *statements != NULL; statements++)
        if (!db_run(db, *statements, DB_VALUES(DB_ID(id), DB_INSTANT(now)), error))
            return FALSE;
    return TRUE;
}

// Mails of one Message-ID may be the same bytes: then their original is still named.
static const char raw_of_message[] =
    "SELECT raw_sha256, 0 FROM message WHERE id = $1 AND raw_sha256 IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM message AS twin WHERE twin.message_key = message.message_key AND twin.id <>"
    " message.id AND twin.raw_sha256 = message.raw_sha256) UNION SELECT raw_sha256, 0 FROM intake"
    " WHERE message_id = $1 AND raw_sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message AS"
    " twin, message WHERE message.id = $1 AND twin.message_key = message.message_key AND twin.id"
    " <> message.id AND twin.raw_sha256 = intake.raw_sha256)";
static const char html_of_message[] = "SELECT html_sha256, 0 FROM message WHERE id = $1";
// An attached mail may be the original of another message.
static const char files_of_message[] =
    "SELECT sha256, type = 'message/rfc822' FROM attachment WHERE message_id = $1";

static const char *const raw_statements[] = {
    "UPDATE message SET raw_sha256 = NULL WHERE id = $1 AND $2 = $2",
    "UPDATE intake SET raw = NULL, raw_sha256 = NULL WHERE message_id = $1 AND $2 = $2",
    NULL,
};

static const char *const file_statements[] = {
    "DELETE FROM attachment WHERE message_id = $1 AND $2 = $2",
    NULL,
};

static const char *const message_statements[] = {
    "UPDATE intake SET raw = NULL, raw_sha256 = NULL, envelope = NULL, reason = NULL WHERE"
    " message_id = $1 AND $2 = $2",
    "DELETE FROM attachment WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM pending_happening WHERE (channel_id, message_key) IN (SELECT channel_id,"
    " message_key FROM message WHERE id = $1 AND $2 = $2)",
    "DELETE FROM thread_reference WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM thread_mail WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM message_alias WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM reaction WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM call_log_version WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM note_version WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM scheduled WHERE message_id = $1 AND $2 = $2",
    "DELETE FROM draft WHERE message_id = $1 AND $2 = $2",
    "UPDATE outbox SET recipient = 'erased:' || id, provider_id = NULL, response = NULL WHERE"
    " message_id = $1 AND $2 = $2",
    "UPDATE message SET subject = '', text = '', new_text = NULL, html_sha256 = NULL, raw_sha256 ="
    " NULL, headers = '{}', group_key = NULL, state_reason = NULL, erased_at = $2 WHERE id = $1",
    NULL,
};

char *erase_key(const char *message_key) {
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, message_key, -1);
    return g_strconcat("erased:", hash, NULL);
}

static gboolean hide_key(Db *db, Id message_id, GError **error) {
    GError *problem = NULL;
    g_autofree char *key = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT message_key FROM message WHERE id = $1 AND message_key IS NOT NULL AND"
                 " erased_at IS NULL",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &problem))
        key = erase_key(db_rows_text(rows, 0));
    g_clear_pointer(&rows, db_rows_free);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    return key == NULL || db_run(db, "UPDATE message SET message_key = $2 WHERE id = $1",
                                 DB_VALUES(DB_ID(message_id), DB_TEXT(key)), error);
}

// Lists the bytes, takes their names away, and lets go of them.
static gboolean let_go(Db *db, Id message_id, const char *const *lists,
                       const char *const *statements, Instant now, GError **error) {
    g_autoptr(GArray) candidates = candidates_new();
    for (; *lists != NULL; lists++)
        if (!candidates_take(db, *lists, message_id, candidates, error))
            return FALSE;
    return run_all(db, statements, message_id, now, error) &&
           candidates_release(db, candidates, error);
}

gboolean erase_message(Db *db, Id message_id, Instant now, GError **error) {
    static const char *const lists[] = {raw_of_message, html_of_message, files_of_message, NULL};
    return search_forget(db, message_id, error) && hide_key(db, message_id, error) &&
           let_go(db, message_id, lists, message_statements, now, error);
}

gboolean erase_attachments(Db *db, Id message_id, GError **error) {
    static const char *const lists[] = {files_of_message, NULL};
    return search_forget(db, message_id, error) &&
           let_go(db, message_id, lists, file_statements, 0, error);
}

gboolean erase_raw(Db *db, Id message_id, GError **error) {
    static const char *const lists[] = {raw_of_message, NULL};
    return let_go(db, message_id, lists, raw_statements, 0, error);
}
