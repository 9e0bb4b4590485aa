// /api/v1/tokens: bearer tokens. A token is shown once, in the answer that makes it.
#include "api/agent_reach.h"
#include "api/confirmation.h"
#include "api/field.h"
#include "api/permissions.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "base/secret.h"
#include "store/audit.h"
#include "store/token.h"

#define TOKEN_BITS 256
#define SELECT                                                                                     \
    "SELECT id, agent_id, name, CASE WHEN scopes IS NULL THEN NULL ELSE '[\"' || "                 \
    "REPLACE(scopes, ' ', '\",\"') || '\"]' END, created_at, expires_at, revoked_at, "             \
    "last_used_at FROM token "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"agent_id", COLUMN_ID},
    {"name", COLUMN_TEXT},
    {"scopes", COLUMN_RAW}, // null: all that its agent may
    {"created_at", COLUMN_INSTANT},
    {"expires_at", COLUMN_INSTANT},
    {"revoked_at", COLUMN_INSTANT},
    {"last_used_at", COLUMN_INSTANT},
    {0},
};

// Whose tokens the caller may see and make: its own; who manages agents everybody's.
static gboolean may_handle(const Principal *principal, Id agent_id) {
    return principal_may(principal, PERMISSION_AGENT_MANAGE) || principal->agent_id == agent_id;
}

static void list_tokens(ApiCall *call) {
    const Principal *principal = api_call_principal(call);
    if (principal_may(principal, PERMISSION_AGENT_MANAGE))
        rows_answer_list(call, columns, SELECT "ORDER BY id", DB_NO_VALUES);
    else
        rows_answer_list(call, columns, SELECT "WHERE agent_id = $1 ORDER BY id",
                         DB_VALUES(DB_ID(principal->agent_id)));
}

typedef struct {
    Id agent_id;
    char *name;
    char *scopes; // NULL: none, all that the agent may
    Instant expires_at;
    char *token;
} NewToken;

static void new_token_free(gpointer data) {
    NewToken *new = data;
    g_free(new->name);
    g_free(new->scopes);
    g_free(new->token);
    g_free(new);
}

// A token makes none that lives longer than itself.
static gboolean check_life(const ApiCall *call, Db *db, const NewToken *new, GError **error) {
    gint64 expires_at = 0;
    gboolean found = FALSE;
    Id token_id = api_call_principal(call)->token_id;
    if (!db_query_int(db, "SELECT expires_at FROM token WHERE id = $1 AND expires_at IS NOT NULL",
                      DB_VALUES(DB_ID(token_id)), &expires_at, &found, error))
        return FALSE;
    if (!found || (new->expires_at != INSTANT_NONE &&new->expires_at <= expires_at))
        return TRUE;
    error_set(error, ERROR_DENIED, "token_beyond_yours",
              "a token makes none that lives longer than itself: give expires_at");
    return FALSE;
}

// An own one that has scopes can never do more than they say, whatever becomes of the role; they
// were compared with the caller's rights when they were read.
static gboolean check_reach(const ApiCall *call, Db *db, const NewToken *new, GError **error) {
    gboolean is_own = new->agent_id == api_call_principal(call)->agent_id;
    return (is_own && new->scopes != NULL) || agent_reach_check(call, db, new->agent_id, error);
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const NewToken *new = data;
    Id id = id_next();
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    guint8 sha256[32];
    token_hash(new->token, sha256);
    if (!check_reach(call, db, new, error) || !check_life(call, db, new, error) ||
        !token_add(db, id, new->agent_id, new->name, sha256, new->scopes, clock_now(),
                   new->expires_at, error) ||
        !audit_add(db, actor, actor_id, "token_added", "token", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "token_unknown", error);
    if (json == NULL)
        return FALSE;
    json_object_set_new(json, "token", json_string(new->token));
    api_call_keep_no_answer(call);
    api_call_answer_json(call, 201, json);
    return TRUE;
}

static gboolean read_scopes(const ApiCall *call, const json_t *list, char **scopes,
                            GError **error) {
    PermissionSet set = 0;
    if (list == NULL || json_is_null(list))
        return TRUE;
    if (!permissions_read("scopes", list, &set, error))
        return FALSE;
    if (set == 0) {
        error_set(error, ERROR_INVALID, "scopes_empty",
                  "scopes must name a permission, or be null");
        return FALSE;
    }
    if (!principal_may_grant(api_call_principal(call), set)) {
        error_set(error, ERROR_DENIED, "scope_beyond_yours",
                  "a scope is more than you may do yourself");
        return FALSE;
    }
    *scopes = permission_set_format(set);
    return TRUE;
}

static NewToken *decode(ApiCall *call, GError **error) {
    const char *name;
    json_t *agent = NULL;
    json_t *expires = NULL;
    json_t *scopes = NULL;
    g_autofree char *scope_text = NULL;
    Id agent_id = api_call_principal(call)->agent_id;
    Instant expires_at = INSTANT_NONE;
    if (!api_call_unpack(call, error, "{s:s, s?o, s?o, s?o}", "name", &name, "agent_id", &agent,
                         "expires_at", &expires, "scopes", &scopes) ||
        !field_check_line("name", name, 1, 100, error) ||
        (agent != NULL && !field_read_id("agent_id", agent, FALSE, &agent_id, error)) ||
        (expires != NULL && !field_read_instant("expires_at", expires, &expires_at, error)))
        return NULL;
    if (agent_id == 0) {
        error_set(error, ERROR_INVALID, "agent_missing", "say whose token it is: agent_id");
        return NULL;
    }
    if (!may_handle(api_call_principal(call), agent_id)) {
        error_set(error, ERROR_DENIED, "not_yours", "only administrators make tokens for others");
        return NULL;
    }
    if (!read_scopes(call, scopes, &scope_text, error))
        return NULL;
    NewToken *new = g_new0(NewToken, 1);
    *new = (NewToken){.agent_id = agent_id,
                      .name = g_strdup(name),
                      .scopes = g_steal_pointer(&scope_text),
                      .expires_at = expires_at,
                      .token = secret_token(TOKEN_PREFIX, TOKEN_BITS)};
    return new;
}

static void add_token(ApiCall *call) {
    GError *error = NULL;
    NewToken *new = confirmation_check(call, &error) ? decode(call, &error) : NULL;
    if (new == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, new, new_token_free);
}

static gboolean write_revoked(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id id = *(const Id *)data;
    gint64 owner = 0;
    gboolean found = FALSE;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!db_query_int(db, "SELECT agent_id FROM token WHERE id = $1", DB_VALUES(DB_ID(id)), &owner,
                      &found, error))
        return FALSE;
    if (!found || !may_handle(api_call_principal(call), owner)) {
        error_set(error, ERROR_NOT_FOUND, "token_unknown", "there is no such token");
        return FALSE;
    }
    gboolean is_own = owner == api_call_principal(call)->agent_id;
    if ((!is_own && !agent_reach_check(call, db, owner, error)) ||
        !token_revoke(db, id, clock_now(), error) ||
        !audit_add(db, actor, actor_id, "token_revoked", "token", id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void revoke_token(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "token", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_revoked, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_token_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/tokens",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_tokens},
    {.method = "POST",
     .pattern = "/api/v1/tokens",
     .permission = PERMISSION_SIGNED_IN,
     .handler = add_token},
    {.method = "DELETE",
     .pattern = "/api/v1/tokens/{token}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = revoke_token},
    {0},
};
