// /api/v1/oidc-providers: with whom agents may sign in by OpenID Connect. The client secret goes in
// and never comes out.
#include <string.h>

#include "api/confirmation.h"
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/oidc.h"
#include "store/audit.h"
#include "store/oidc.h"
#include "store/role.h"

#define DOMAINS_MAX 50
#define SELECT                                                                                     \
    "SELECT id, name, issuer, client_id, CASE WHEN client_secret IS NULL THEN 0 ELSE 1 END, "      \
    "domains, new_role, created_at, version FROM oidc_provider WHERE removed_at IS NULL "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},           {"name", COLUMN_TEXT},
    {"issuer", COLUMN_TEXT},     {"client_id", COLUMN_TEXT},
    {"has_secret", COLUMN_BOOL}, {"domains", COLUMN_RAW},
    {"new_role", COLUMN_TEXT},   {"created_at", COLUMN_INSTANT},
    {"version", COLUMN_INT},     {0},
};

static const SecretKey *key_of(const ApiCall *call) {
    return store_key(api_call_parts(call)->store);
}

static void list_providers(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY name, id LIMIT 100", DB_NO_VALUES);
}

static void get_provider(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "provider", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "AND id = $1", DB_VALUES(DB_ID(id)),
                        "provider_unknown");
}

// What a request says; what it does not name stays NULL.
typedef struct {
    Id id;
    OidcProvider *provider;
    gboolean has_role; // new_role was named, maybe as null
} ProviderChange;

static void provider_change_free(gpointer data) {
    ProviderChange *change = data;
    oidc_provider_free(change->provider);
    g_free(change);
}

static gboolean read_domains(const json_t *list, char **domains, GError **error) {
    size_t at;
    const json_t *domain;
    gboolean is_good = json_is_array(list) && json_array_size(list) <= DOMAINS_MAX;
    json_array_foreach(list, at, domain) {
        const char *text = json_string_value(domain);
        is_good = is_good && text != NULL && text[0] != '\0' && strlen(text) <= 253 &&
                  strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(text);
    }
    if (!is_good) {
        error_set(error, ERROR_INVALID, "domains_invalid",
                  "domains must be a list of domains in lower case, such as example.org");
        return FALSE;
    }
    char *text = json_dumps(list, JSON_COMPACT);
    *domains = g_strdup(text);
    free(text);
    return TRUE;
}

static gboolean read_role(const json_t *value, ProviderChange *change, GError **error) {
    change->has_role = TRUE;
    if (json_is_null(value))
        return TRUE;
    if (!json_is_string(value)) {
        error_set(error, ERROR_INVALID, "field_invalid", "new_role must be a role's name or null");
        return FALSE;
    }
    change->provider->new_role = g_strdup(json_string_value(value));
    return field_check_line("new_role", change->provider->new_role, 1, 100, error);
}

static gboolean check(const ApiCall *call, const OidcProvider *provider, GError **error) {
    return (provider->name == NULL || field_check_line("name", provider->name, 1, 100, error)) &&
           (provider->issuer == NULL ||
            (field_check_line("issuer", provider->issuer, 1, 500, error) &&
             oidc_check_issuer(api_call_parts(call)->oidc, provider->issuer, error))) &&
           (provider->client_id == NULL ||
            field_check_line("client_id", provider->client_id, 1, 500, error)) &&
           (provider->client_secret == NULL ||
            field_check_line("client_secret", provider->client_secret, 1, 1000, error));
}

static ProviderChange *decode(ApiCall *call, const char *format, GError **error) {
    const char *name = NULL, *issuer = NULL, *client_id = NULL, *client_secret = NULL;
    json_t *domains = NULL, *role = NULL;
    if (!confirmation_check(call, error) ||
        !api_call_unpack(call, error, format, "name", &name, "issuer", &issuer, "client_id",
                         &client_id, "client_secret", &client_secret, "domains", &domains,
                         "new_role", &role))
        return NULL;
    ProviderChange *change = g_new0(ProviderChange, 1);
    change->provider = g_new0(OidcProvider, 1);
    change->provider->name = g_strdup(name);
    change->provider->issuer = g_strdup(issuer);
    change->provider->client_id = g_strdup(client_id);
    change->provider->client_secret = g_strdup(client_secret);
    if (check(call, change->provider, error) &&
        (domains == NULL || read_domains(domains, &change->provider->domains, error)) &&
        (role == NULL || read_role(role, change, error)))
        return change;
    provider_change_free(change);
    return NULL;
}

// Whoever lets people in by themselves gives them no more than they have.
static gboolean check_role(const ApiCall *call, Db *db, const char *name, GError **error) {
    PermissionSet permissions;
    gboolean found = FALSE;
    if (name == NULL)
        return TRUE;
    if (!role_find(db, name, &permissions, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_INVALID, "role_unknown", "there is no role %s", name);
    else if (!principal_may_grant(api_call_principal(call), permissions))
        error_set(error, ERROR_DENIED, "role_beyond_yours",
                  "this role may do more than you: an administrator must do that");
    else
        return TRUE;
    return FALSE;
}

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, const char *action,
                       GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!audit_add(db, actor, actor_id, action, "oidc_provider", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "AND id = $1", DB_VALUES(DB_ID(id)),
                                 "provider_unknown", error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const ProviderChange *change = data;
    char no_domains[] = "[]";
    OidcProvider provider = *change->provider;
    provider.id = id_next();
    if (provider.domains == NULL)
        provider.domains = no_domains;
    return check_role(call, db, provider.new_role, error) &&
           oidc_provider_add(db, key_of(call), &provider, clock_now(), error) &&
           answer(call, db, provider.id, 201, "provider_added", error);
}

static gboolean check_version(ApiCall *call, Db *db, Id id, GError **error) {
    gint64 version = 0;
    gboolean found = FALSE;
    return db_query_int(db, "SELECT version FROM oidc_provider WHERE id = $1", DB_VALUES(DB_ID(id)),
                        &version, &found, error) &&
           api_call_match_version(call, version, error);
}

static void merge(char **kept, char **changed) {
    if (*changed != NULL) {
        g_free(*kept);
        *kept = g_strdup(*changed);
    }
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const ProviderChange *change = data;
    g_autoptr(OidcProvider) provider = oidc_provider_get(db, key_of(call), change->id, error);
    if (provider == NULL || !check_version(call, db, change->id, error))
        return FALSE;
    merge(&provider->name, &change->provider->name);
    merge(&provider->issuer, &change->provider->issuer);
    merge(&provider->client_id, &change->provider->client_id);
    merge(&provider->client_secret, &change->provider->client_secret);
    merge(&provider->domains, &change->provider->domains);
    if (change->has_role) {
        g_free(provider->new_role);
        provider->new_role = g_strdup(change->provider->new_role);
    }
    return check_role(call, db, provider->new_role, error) &&
           oidc_provider_change(db, key_of(call), provider, error) &&
           answer(call, db, change->id, 200, "provider_changed", error);
}

static void add_provider(ApiCall *call) {
    GError *error = NULL;
    ProviderChange *change = decode(call, "{s:s, s:s, s:s, s?s, s?o, s?o}", &error);
    if (change == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, change, provider_change_free);
}

static void change_provider(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "provider", &error);
    ProviderChange *change =
        id != 0 ? decode(call, "{s?s, s?s, s?s, s?s, s?o, s?o}", &error) : NULL;
    if (change == NULL) {
        api_call_fail(call, error);
        return;
    }
    change->id = id;
    api_call_write(call, write_change, change, provider_change_free);
}

static gboolean write_removed(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    g_autoptr(OidcProvider) provider = oidc_provider_get(db, key_of(call), id, error);
    if (provider == NULL || !oidc_provider_remove(db, id, clock_now(), error) ||
        !audit_add(db, actor, actor_id, "provider_removed", "oidc_provider", id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_provider(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "provider", &error);
    if (id == 0 || !confirmation_check(call, &error))
        api_call_fail(call, error);
    else
        api_call_write(call, write_removed, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_oidc_provider_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/oidc-providers",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = list_providers},
    {.method = "POST",
     .pattern = "/api/v1/oidc-providers",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = add_provider},
    {.method = "GET",
     .pattern = "/api/v1/oidc-providers/{provider}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = get_provider},
    {.method = "PATCH",
     .pattern = "/api/v1/oidc-providers/{provider}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = change_provider},
    {.method = "DELETE",
     .pattern = "/api/v1/oidc-providers/{provider}",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = remove_provider},
    {0},
};
