#include "store/system_mail.h"

#define KEPT_MS (30 * 24 * G_GINT64_CONSTANT(3600000))

void system_mail_free(SystemMail *mail) {
    if (mail == NULL)
        return;
    g_free(mail->purpose);
    g_clear_pointer(&mail->secret, g_bytes_unref);
    g_free(mail->email);
    g_free(mail->name);
    g_free(mail->language);
    g_free(mail);
}

gboolean system_mail_add(Db *db, Id id, Id agent_id, const char *purpose, GBytes *secret,
                         Instant now, Instant expires_at, GError **error) {
    return db_run(db,
                  "INSERT INTO system_mail (id, agent_id, purpose, secret, not_before, expires_at, "
                  "created_at) VALUES ($1, $2, $3, $4, $5, $6, $5)",
                  DB_VALUES(DB_ID(id), DB_ID(agent_id), DB_TEXT(purpose), DB_BYTES(secret),
                            DB_INSTANT(now), DB_INSTANT(expires_at)),
                  error);
}

gboolean system_mail_cancel(Db *db, Id agent_id, const char *purpose, Instant now, GError **error) {
    return db_run(db,
                  "UPDATE system_mail SET state = 'failed', reason = 'taken back', secret = NULL, "
                  "settled_at = $3 WHERE agent_id = $1 AND purpose = $2 AND state = 'queued'",
                  DB_VALUES(DB_ID(agent_id), DB_TEXT(purpose), DB_INSTANT(now)), error);
}

static SystemMail *read_row(DbRows *rows) {
    SystemMail *mail = g_new0(SystemMail, 1);
    *mail = (SystemMail){
        .id = db_rows_id(rows, 0),
        .agent_id = db_rows_id(rows, 1),
        .purpose = g_strdup(db_rows_text(rows, 2)),
        .secret = db_rows_bytes(rows, 3),
        .attempts = db_rows_int(rows, 4),
        .expires_at = db_rows_instant(rows, 5),
        .email = g_strdup(db_rows_text(rows, 6)),
        .name = g_strdup(db_rows_text(rows, 7)),
        .language = g_strdup(db_rows_text(rows, 8)),
    };
    return mail;
}

static gboolean find_due(Db *db, Instant now, SystemMail **mail, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT system_mail.id, agent_id, purpose, secret, attempts, expires_at, agent.email, "
        "agent.name, agent.language FROM system_mail JOIN agent ON agent.id = agent_id WHERE state "
        "= 'queued' AND not_before <= $1 ORDER BY not_before LIMIT 1",
        DB_VALUES(DB_INSTANT(now)), error);
    if (rows == NULL)
        return FALSE;
    *mail = db_rows_next(rows, &problem) ? read_row(rows) : NULL;
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean system_mail_claim(Db *db, Instant now, gint64 lease_ms, SystemMail **mail,
                           GError **error) {
    *mail = NULL;
    if (!db_run(db,
                "UPDATE system_mail SET state = 'failed', reason = COALESCE(reason, 'too late'), "
                "secret = NULL, settled_at = $1 WHERE state = 'queued' AND not_before <= $1 AND "
                "expires_at <= $1",
                DB_VALUES(DB_INSTANT(now)), error) ||
        !find_due(db, now, mail, error))
        return FALSE;
    return *mail == NULL ||
           db_run(db,
                  "UPDATE system_mail SET not_before = $2, attempts = attempts + 1 WHERE id = $1",
                  DB_VALUES(DB_ID((*mail)->id), DB_INSTANT(now + lease_ms)), error);
}

gboolean system_mail_settle(Db *db, Id id, const char *reason, Instant not_before, Instant now,
                            GError **error) {
    if (not_before != INSTANT_NONE)
        return db_run(db,
                      "UPDATE system_mail SET reason = $2, not_before = $3 WHERE id = $1 AND state "
                      "= 'queued'",
                      DB_VALUES(DB_ID(id), DB_TEXT(reason), DB_INSTANT(not_before)), error);
    return db_run(db,
                  "UPDATE system_mail SET state = $2, reason = $3, secret = NULL, settled_at = $4 "
                  "WHERE id = $1 AND state = 'queued'",
                  DB_VALUES(DB_ID(id), DB_TEXT(reason == NULL ? "sent" : "failed"), DB_TEXT(reason),
                            DB_INSTANT(now)),
                  error);
}

gboolean system_mail_prune(Db *db, Instant now, GError **error) {
    return db_run(db,
                  "DELETE FROM system_mail WHERE id IN (SELECT id FROM system_mail WHERE state <> "
                  "'queued' AND id < $1 ORDER BY id LIMIT 1000)",
                  DB_VALUES(DB_ID(id_first(now - KEPT_MS))), error);
}

gboolean system_mail_channel(Db *db, Id *channel_id, GError **error) {
    gboolean found = FALSE;
    *channel_id = 0;
    return db_query_int(db, "SELECT value FROM setting WHERE name = 'system_mail_channel'",
                        DB_NO_VALUES, channel_id, &found, error);
}

gboolean system_mail_set_channel(Db *db, Id channel_id, GError **error) {
    char text[ID_TEXT_SIZE];
    return db_run(db, "DELETE FROM setting WHERE name = 'system_mail_channel'", DB_NO_VALUES,
                  error) &&
           (channel_id == 0 ||
            db_run(db, "INSERT INTO setting (name, value) VALUES ('system_mail_channel', $1)",
                   DB_VALUES(DB_TEXT(id_format(channel_id, text))), error));
}
