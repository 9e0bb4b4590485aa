#include "store/thread.h"

struct ThreadMatches {
    DbRows *rows;
    char **parties; // of the present match
};

static gboolean add_reference(Db *db, Id message_id, const char *reference, guint rank,
                              GError **error) {
    return db_run(
        db,
        "INSERT INTO thread_reference (reference, message_id, position) VALUES ($1, $2, $3)"
        " ON CONFLICT (reference, message_id) DO NOTHING",
        DB_VALUES(DB_TEXT(reference), DB_ID(message_id), DB_INT(rank)), error);
}

static char *join_lines(const char *const *texts) {
    GString *lines = g_string_new(NULL);
    for (; *texts != NULL; texts++)
        g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", *texts);
    return g_string_free(lines, FALSE);
}

gboolean thread_add(Db *db, const ThreadMail *mail, const char *own_id,
                    const char *const *references, GError **error) {
    g_autofree char *parties = join_lines(mail->parties);
    if (!db_run(db,
                "INSERT INTO thread_mail (message_id, sender, parties, base_subject, is_ours)"
                " VALUES ($1, $2, $3, $4, $5)",
                DB_VALUES(DB_ID(mail->message_id), DB_TEXT(mail->sender), DB_TEXT(parties),
                          DB_TEXT(mail->base_subject), DB_INT(mail->is_ours)),
                error))
        return FALSE;
    if (own_id != NULL && !add_reference(db, mail->message_id, own_id, 0, error))
        return FALSE;
    for (guint rank = 1; *references != NULL; references++, rank++)
        if (!add_reference(db, mail->message_id, *references, rank, error))
            return FALSE;
    return TRUE;
}

ThreadMatches *thread_find(Db *db, const char *reference, GError **error) {
    DbRows *rows =
        db_query(db,
                 "SELECT r.message_id, m.conversation_id, r.position, t.sender, t.parties,"
                 " t.base_subject, t.is_ours FROM thread_reference r"
                 " JOIN thread_mail t ON t.message_id = r.message_id"
                 " JOIN message m ON m.id = r.message_id"
                 " WHERE r.reference = $1 ORDER BY r.position > 0, r.message_id LIMIT 200",
                 DB_VALUES(DB_TEXT(reference)), error);
    if (rows == NULL)
        return NULL;
    ThreadMatches *matches = g_new0(ThreadMatches, 1);
    matches->rows = rows;
    return matches;
}

gboolean thread_matches_next(ThreadMatches *matches, ThreadMatch *match, GError **error) {
    DbRows *rows = matches->rows;
    g_clear_pointer(&matches->parties, g_strfreev);
    if (!db_rows_next(rows, error))
        return FALSE;
    matches->parties = g_strsplit(db_rows_text(rows, 4), "\n", -1);
    *match = (ThreadMatch){
        .message_id = db_rows_id(rows, 0),
        .conversation_id = db_rows_id(rows, 1),
        .rank = (guint)db_rows_int(rows, 2),
        .mail = {.message_id = db_rows_id(rows, 0),
                 .sender = db_rows_text(rows, 3),
                 .parties = (const char *const *)matches->parties,
                 .base_subject = db_rows_text(rows, 5),
                 .is_ours = db_rows_int(rows, 6) != 0},
    };
    return TRUE;
}

void thread_matches_free(ThreadMatches *matches) {
    if (matches == NULL)
        return;
    db_rows_free(matches->rows);
    g_strfreev(matches->parties);
    g_free(matches);
}
