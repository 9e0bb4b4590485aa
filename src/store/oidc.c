#include "store/oidc.h"

#include <string.h>

#include "base/error.h"

void oidc_provider_free(OidcProvider *provider) {
    if (provider == NULL)
        return;
    g_free(provider->name);
    g_free(provider->issuer);
    g_free(provider->client_id);
    if (provider->client_secret != NULL)
        explicit_bzero(provider->client_secret, strlen(provider->client_secret));
    g_free(provider->client_secret);
    g_free(provider->domains);
    g_free(provider->new_role);
    g_free(provider);
}

static char *owner_of(Id id) {
    char text[ID_TEXT_SIZE];
    return g_strconcat("oidc_provider/", id_format(id, text), "/client_secret", NULL);
}

static gboolean open_secret(const SecretKey *key, DbRows *rows, OidcProvider *provider,
                            GError **error) {
    g_autoptr(GBytes) sealed = db_rows_bytes(rows, 4);
    if (sealed == NULL)
        return TRUE;
    g_autofree char *owner = owner_of(provider->id);
    g_autoptr(GBytes) plain = secret_open(key, owner, sealed, error);
    if (plain == NULL)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(plain, &length);
    provider->client_secret = g_strndup(text, length);
    return TRUE;
}

static OidcProvider *read_row(const SecretKey *key, DbRows *rows, GError **error) {
    g_autoptr(OidcProvider) provider = g_new0(OidcProvider, 1);
    provider->id = db_rows_id(rows, 0);
    provider->name = g_strdup(db_rows_text(rows, 1));
    provider->issuer = g_strdup(db_rows_text(rows, 2));
    provider->client_id = g_strdup(db_rows_text(rows, 3));
    provider->domains = g_strdup(db_rows_text(rows, 5));
    provider->new_role = g_strdup(db_rows_text(rows, 6));
    return open_secret(key, rows, provider, error) ? g_steal_pointer(&provider) : NULL;
}

OidcProvider *oidc_provider_get(Db *db, const SecretKey *key, Id id, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT id, name, issuer, client_id, client_secret, domains, new_role FROM "
                 "oidc_provider WHERE id = $1 AND removed_at IS NULL",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &problem))
        return read_row(key, rows, error);
    if (problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "provider_unknown", "there is no such provider");
    g_propagate_error(error, problem);
    return NULL;
}

static GBytes *seal(const SecretKey *key, const OidcProvider *provider) {
    if (provider->client_secret == NULL)
        return NULL;
    g_autofree char *owner = owner_of(provider->id);
    g_autoptr(GBytes) plain = g_bytes_new(provider->client_secret, strlen(provider->client_secret));
    return secret_seal(key, owner, plain);
}

static gboolean explain_conflict(GError *problem, GError **error, const char *code,
                                 const char *text) {
    if (error_kind(problem) != ERROR_CONFLICT) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_error_free(problem);
    error_set(error, ERROR_CONFLICT, code, "%s", text);
    return FALSE;
}

gboolean oidc_provider_add(Db *db, const SecretKey *key, const OidcProvider *provider, Instant now,
                           GError **error) {
    GError *problem = NULL;
    g_autoptr(GBytes) secret = seal(key, provider);
    return db_run(db,
                  "INSERT INTO oidc_provider (id, name, issuer, client_id, client_secret, domains, "
                  "new_role, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(DB_ID(provider->id), DB_TEXT(provider->name), DB_TEXT(provider->issuer),
                            DB_TEXT(provider->client_id), DB_BYTES(secret),
                            DB_TEXT(provider->domains), DB_TEXT(provider->new_role),
                            DB_INSTANT(now)),
                  &problem) ||
           explain_conflict(problem, error, "provider_exists", "a provider has this name already");
}

gboolean oidc_provider_change(Db *db, const SecretKey *key, const OidcProvider *provider,
                              GError **error) {
    GError *problem = NULL;
    g_autoptr(GBytes) secret = seal(key, provider);
    return db_run(db,
                  "UPDATE oidc_provider SET name = $2, issuer = $3, client_id = $4, client_secret "
                  "= COALESCE($5, client_secret), domains = $6, new_role = $7, version = version + "
                  "1 WHERE id = $1",
                  DB_VALUES(DB_ID(provider->id), DB_TEXT(provider->name), DB_TEXT(provider->issuer),
                            DB_TEXT(provider->client_id), DB_BYTES(secret),
                            DB_TEXT(provider->domains), DB_TEXT(provider->new_role)),
                  &problem) ||
           explain_conflict(problem, error, "provider_exists", "a provider has this name already");
}

gboolean oidc_provider_remove(Db *db, Id id, Instant now, GError **error) {
    char text[ID_TEXT_SIZE];
    g_autofree char *suffix = g_strconcat(" (removed ", id_format(id, text), ")", NULL);
    return db_run(db,
                  "UPDATE oidc_provider SET removed_at = $2, client_secret = NULL, name = name || "
                  "$3 WHERE id = $1 AND removed_at IS NULL",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now), DB_TEXT(suffix)), error);
}

gboolean oidc_identity_find(Db *db, const char *issuer, const char *subject, Id *agent_id,
                            GError **error) {
    gboolean found = FALSE;
    *agent_id = 0;
    return db_query_int(db,
                        "SELECT agent.id FROM oidc_identity i JOIN agent ON agent.id = i.agent_id "
                        "WHERE issuer = $1 AND subject = $2 AND agent.disabled_at IS NULL",
                        DB_VALUES(DB_TEXT(issuer), DB_TEXT(subject)), agent_id, &found, error);
}

gboolean oidc_identity_add(Db *db, const char *issuer, const char *subject, Id agent_id,
                           Instant now, GError **error) {
    GError *problem = NULL;
    return db_run(db,
                  "INSERT INTO oidc_identity (id, issuer, subject, agent_id, created_at, "
                  "last_used_at) VALUES ($1, $2, $3, $4, $5, $5)",
                  DB_VALUES(DB_ID(id_next()), DB_TEXT(issuer), DB_TEXT(subject), DB_ID(agent_id),
                            DB_INSTANT(now)),
                  &problem) ||
           explain_conflict(problem, error, "identity_taken",
                            "this account of the provider belongs to an agent already");
}

gboolean oidc_identity_note_use(Db *db, const char *issuer, const char *subject, Instant now,
                                GError **error) {
    return db_run(db,
                  "UPDATE oidc_identity SET last_used_at = $3 WHERE issuer = $1 AND subject = $2",
                  DB_VALUES(DB_TEXT(issuer), DB_TEXT(subject), DB_INSTANT(now)), error);
}

gboolean oidc_identity_remove(Db *db, Id id, Id agent_id, gboolean *removed, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db, "DELETE FROM oidc_identity WHERE id = $1 AND agent_id = $2",
                        DB_VALUES(DB_ID(id), DB_ID(agent_id)), &count, error))
        return FALSE;
    *removed = count == 1;
    return TRUE;
}
