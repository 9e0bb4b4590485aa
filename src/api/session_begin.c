#include "api/session_begin.h"

#include "api/cookie.h"
#include "base/secret.h"
#include "desk/sign_in.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/session.h"
#include "store/token.h"

#define SESSION_BITS 256
#define DEVICE_AGE_S (180 * 86400)

const RowsColumn session_columns[] = {
    {"id", COLUMN_ID},
    {"agent_id", COLUMN_ID},
    {"method", COLUMN_TEXT},
    {"address", COLUMN_TEXT},
    {"browser", COLUMN_TEXT},
    {"created_at", COLUMN_INSTANT},
    {"seen_at", COLUMN_INSTANT},
    {"confirmed_at", COLUMN_INSTANT},
    {"ends_at", COLUMN_INSTANT},
    {"is_current", COLUMN_BOOL},
    {0},
};

static void set_session_cookie(ApiCall *call, const char *secret) {
    cookie_set(call, COOKIE_SESSION, secret, SESSION_LIFE_MS / 1000);
}

static gboolean end_former(ApiCall *call, Db *db, Instant now, GError **error) {
    guint8 sha256[32];
    SessionOwner owner;
    gboolean found = FALSE;
    g_autofree char *cookie = cookie_read(call, COOKIE_SESSION);
    if (cookie == NULL)
        return TRUE;
    token_hash(cookie, sha256);
    return session_find(db, sha256, now, &owner, &found, error) &&
           (!found || session_end(db, owner.id, now, error));
}

static gboolean remember_device(ApiCall *call, Db *db, Id agent_id, GError **error) {
    SignIn *sign_in = api_call_parts(call)->sign_in;
    g_autoptr(Credential) credential = credential_get(db, agent_id, error);
    if (credential == NULL)
        return FALSE;
    if (sign_in == NULL)
        return TRUE;
    g_autofree char *device = sign_in_device_new(sign_in, credential->email);
    cookie_set(call, COOKIE_DEVICE, device, DEVICE_AGE_S);
    return TRUE;
}

gboolean session_begin_quietly(ApiCall *call, Db *db, Id agent_id, const char *method,
                               Id *session_id, GError **error) {
    guint8 sha256[32];
    g_autofree char *secret = secret_token("", SESSION_BITS);
    NewSession session = {
        .id = id_next(),
        .agent_id = agent_id,
        .method = method,
        .address = api_call_peer(call),
        .browser = api_call_header(call, "User-Agent"),
        .now = clock_now(),
    };
    token_hash(secret, sha256);
    if (!end_former(call, db, session.now, error) || !session_add(db, &session, sha256, error) ||
        !audit_add(db, ACTOR_AGENT, agent_id, "signed_in", "session", session.id,
                   json_pack("{s:s}", "method", method), error) ||
        !remember_device(call, db, agent_id, error))
        return FALSE;
    set_session_cookie(call, secret);
    *session_id = session.id;
    return TRUE;
}

gboolean session_begin(ApiCall *call, Db *db, Id agent_id, const char *method, unsigned status,
                       GError **error) {
    Id id = 0;
    if (!session_begin_quietly(call, db, agent_id, method, &id, error))
        return FALSE;
    json_t *json = rows_load_one(db, session_columns, SESSION_SELECT "WHERE id = $1",
                                 DB_VALUES(DB_ID(id)), "session_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, status, json);
    return json != NULL;
}

gboolean session_renew(ApiCall *call, Db *db, Id session_id, GError **error) {
    guint8 sha256[32];
    g_autofree char *secret = secret_token("", SESSION_BITS);
    token_hash(secret, sha256);
    if (!session_rotate(db, session_id, sha256, clock_now(), error))
        return FALSE;
    set_session_cookie(call, secret);
    return TRUE;
}
