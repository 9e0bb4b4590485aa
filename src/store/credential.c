#include "store/credential.h"

#include "base/error.h"

#define COLUMNS                                                                                    \
    "SELECT agent.id, email, name, password_hash, disabled_at, totp.confirmed_at FROM agent LEFT " \
    "JOIN totp ON totp.agent_id = agent.id "

void credential_free(Credential *credential) {
    if (credential == NULL)
        return;
    g_free(credential->email);
    g_free(credential->name);
    g_free(credential->password_hash);
    g_free(credential);
}

static Credential *find(Db *db, const char *sql, DbValue value, GError **error) {
    g_autoptr(DbRows) rows = db_query(db, sql, &value, 1, error);
    if (rows == NULL || !db_rows_next(rows, error))
        return NULL;
    Credential *credential = g_new0(Credential, 1);
    *credential = (Credential){
        .agent_id = db_rows_id(rows, 0),
        .email = g_strdup(db_rows_text(rows, 1)),
        .name = g_strdup(db_rows_text(rows, 2)),
        .password_hash = g_strdup(db_rows_text(rows, 3)),
        .is_disabled = !db_rows_is_null(rows, 4),
        .has_totp = !db_rows_is_null(rows, 5),
    };
    return credential;
}

Credential *credential_find_by_email(Db *db, const char *email, GError **error) {
    g_autofree char *lower = g_utf8_strdown(email, -1);
    return find(db, COLUMNS "WHERE email = $1", DB_TEXT(lower), error);
}

Credential *credential_get(Db *db, Id agent_id, GError **error) {
    GError *problem = NULL;
    Credential *credential = find(db, COLUMNS "WHERE agent.id = $1", DB_ID(agent_id), &problem);
    if (credential == NULL && problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    if (problem != NULL)
        g_propagate_error(error, problem);
    return credential;
}

gboolean credential_set_password(Db *db, Id agent_id, const char *hash, Instant now,
                                 GError **error) {
    return db_run(db, "UPDATE agent SET password_hash = $2, password_set_at = $3 WHERE id = $1",
                  DB_VALUES(DB_ID(agent_id), DB_TEXT(hash), DB_INSTANT(now)), error);
}

gboolean credential_administrator_exists(Db *db, gboolean *exists, GError **error) {
    gint64 one = 0;
    return db_query_int(
        db,
        "SELECT 1 FROM agent WHERE role = 'administrator' AND disabled_at IS NULL AND "
        "(password_hash IS NOT NULL OR EXISTS (SELECT 1 FROM oidc_identity WHERE agent_id = "
        "agent.id)) LIMIT 1",
        DB_NO_VALUES, &one, exists, error);
}

void credential_totp_clear(CredentialTotp *totp) {
    g_clear_pointer(&totp->seed, g_bytes_unref);
}

gboolean credential_totp_find(Db *db, Id agent_id, CredentialTotp *totp, GError **error) {
    GError *problem = NULL;
    *totp = (CredentialTotp){0};
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT seed, last_step, confirmed_at FROM totp WHERE agent_id = $1",
                 DB_VALUES(DB_ID(agent_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &problem))
        *totp = (CredentialTotp){.seed = db_rows_bytes(rows, 0),
                                 .last_step = db_rows_int(rows, 1),
                                 .is_confirmed = !db_rows_is_null(rows, 2)};
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

gboolean credential_totp_add(Db *db, Id agent_id, GBytes *seed, Instant now, GError **error) {
    return db_run(db, "DELETE FROM totp WHERE agent_id = $1 AND confirmed_at IS NULL",
                  DB_VALUES(DB_ID(agent_id)), error) &&
           db_run(db, "INSERT INTO totp (agent_id, seed, created_at) VALUES ($1, $2, $3)",
                  DB_VALUES(DB_ID(agent_id), DB_BYTES(seed), DB_INSTANT(now)), error);
}

gboolean credential_totp_confirm(Db *db, Id agent_id, gint64 step, Instant now, GError **error) {
    return db_run(db, "UPDATE totp SET confirmed_at = $2, last_step = $3 WHERE agent_id = $1",
                  DB_VALUES(DB_ID(agent_id), DB_INSTANT(now), DB_INT(step)), error);
}

gboolean credential_totp_note_step(Db *db, Id agent_id, gint64 step, GError **error) {
    return db_run(db, "UPDATE totp SET last_step = $2 WHERE agent_id = $1 AND last_step < $2",
                  DB_VALUES(DB_ID(agent_id), DB_INT(step)), error);
}

gboolean credential_totp_remove(Db *db, Id agent_id, GError **error) {
    return db_run(db, "DELETE FROM totp WHERE agent_id = $1", DB_VALUES(DB_ID(agent_id)), error) &&
           db_run(db, "DELETE FROM recovery_code WHERE agent_id = $1", DB_VALUES(DB_ID(agent_id)),
                  error);
}

gboolean credential_codes_set(Db *db, Id agent_id, const guint8 (*macs)[32], gsize count,
                              GError **error) {
    if (!db_run(db, "DELETE FROM recovery_code WHERE agent_id = $1", DB_VALUES(DB_ID(agent_id)),
                error))
        return FALSE;
    for (gsize at = 0; at < count; at++)
        if (!db_run(db, "INSERT INTO recovery_code (agent_id, mac) VALUES ($1, $2)",
                    DB_VALUES(DB_ID(agent_id), DB_SPAN(macs[at], 32)), error))
            return FALSE;
    return TRUE;
}

gboolean credential_code_use(Db *db, Id agent_id, const guint8 mac[32], Instant now, gboolean *won,
                             GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(db,
                        "UPDATE recovery_code SET used_at = $3 WHERE agent_id = $1 AND mac = $2 "
                        "AND used_at IS NULL",
                        DB_VALUES(DB_ID(agent_id), DB_SPAN(mac, 32), DB_INSTANT(now)), &changed,
                        error))
        return FALSE;
    *won = changed == 1;
    return TRUE;
}

gboolean credential_codes_left(Db *db, Id agent_id, gint64 *count, GError **error) {
    gboolean found = FALSE;
    return db_query_int(db,
                        "SELECT COUNT(*) FROM recovery_code WHERE agent_id = $1 AND used_at IS "
                        "NULL",
                        DB_VALUES(DB_ID(agent_id)), count, &found, error);
}
