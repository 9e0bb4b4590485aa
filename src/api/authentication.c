#include "api/authentication.h"

#include <string.h>

#include "api/cookie.h"
#include "api/same_origin.h"
#include "base/error.h"
#include "desk/sign_in.h"
#include "store/session.h"
#include "store/token.h"

#define USE_NOTED_EVERY (5 * 60 * 1000) // milliseconds: last_used_at is no write a request
#define TOKEN_MAX 200

typedef struct {
    Id token_id; // or of a session
    Instant now;
} Use;

static gboolean note_use(Db *db, gpointer data, GError **error) {
    const Use *use = data;
    return token_mark_used(db, use->token_id, use->now, error);
}

static void note_done(gpointer data, const GError *error) {
    (void)error; // only a remark; the next request makes it again
    g_free(data);
}

static void remember_use(ApiCall *call, const TokenOwner *owner, Instant now) {
    if (owner->last_used_at != INSTANT_NONE && now - owner->last_used_at < USE_NOTED_EVERY)
        return;
    Use *use = g_new(Use, 1);
    *use = (Use){.token_id = owner->id, .now = now};
    writer_submit(store_writer(api_call_parts(call)->store), note_use, note_done, use);
}

static const char *bearer_token(const char *header) {
    static const char scheme[] = "Bearer ";
    if (g_ascii_strncasecmp(header, scheme, strlen(scheme)) != 0)
        return NULL;
    const char *token = header + strlen(scheme);
    return g_str_has_prefix(token, TOKEN_PREFIX) && strlen(token) <= TOKEN_MAX ? token : NULL;
}

static gboolean check_token_rate(ApiCall *call, Id token_id, GError **error) {
    SignIn *sign_in = api_call_parts(call)->sign_in;
    gint64 wait = sign_in != NULL ? sign_in_admit_token(sign_in, token_id) : 0;
    if (wait == 0)
        return TRUE;
    g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, (wait + 999) / 1000);
    api_call_add_header(call, "Retry-After", seconds);
    error_set(error, ERROR_LIMIT, "token_too_fast",
              "this token makes too many requests: wait %s seconds", seconds);
    return FALSE;
}

static gboolean check_token(ApiCall *call, const char *header, Principal *principal,
                            GError **error) {
    const char *token = bearer_token(header);
    TokenOwner owner = {0};
    gboolean found = FALSE;
    if (token != NULL) {
        guint8 sha256[32];
        Instant now = clock_now();
        Db *db = api_call_reader(call, error);
        token_hash(token, sha256);
        if (db == NULL || !token_find(db, sha256, now, &owner, &found, error))
            return FALSE;
        if (found)
            remember_use(call, &owner, now);
    }
    if (!found) {
        error_set(error, ERROR_UNAUTHENTICATED, "token_invalid", "this token is not valid");
        return FALSE;
    }
    *principal = (Principal){.is_known = TRUE,
                             .permissions = owner.permissions,
                             .agent_id = owner.agent_id,
                             .token_id = owner.id};
    return check_token_rate(call, owner.id, error);
}

static gboolean note_seen(Db *db, gpointer data, GError **error) {
    const Use *use = data;
    return session_mark_seen(db, use->token_id, use->now, error);
}

static void remember_seen(ApiCall *call, const SessionOwner *owner, Instant now) {
    if (now - owner->seen_at < USE_NOTED_EVERY)
        return;
    Use *use = g_new(Use, 1);
    *use = (Use){.token_id = owner->id, .now = now};
    writer_submit(store_writer(api_call_parts(call)->store), note_seen, note_done, use);
}

static gboolean changes_something(const ApiCall *call) {
    const char *method = api_call_request(call)->method;
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
}

static gboolean check_session(ApiCall *call, const char *cookie, Principal *principal,
                              GError **error) {
    guint8 sha256[32];
    SessionOwner owner = {0};
    gboolean found = FALSE;
    Instant now = clock_now();
    Db *db = api_call_reader(call, error);
    token_hash(cookie, sha256);
    if (db == NULL || !session_find(db, sha256, now, &owner, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_UNAUTHENTICATED, "session_invalid",
                  "this session has ended: sign in again");
        return FALSE;
    }
    if (changes_something(call) && !same_origin_check(call, error))
        return FALSE;
    remember_seen(call, &owner, now);
    *principal = (Principal){.is_known = TRUE,
                             .permissions = owner.permissions,
                             .agent_id = owner.agent_id,
                             .session_id = owner.id};
    return TRUE;
}

gboolean authentication_check(ApiCall *call, Principal *principal, GError **error) {
    const char *header = api_call_header(call, "Authorization");
    g_autofree char *cookie = cookie_read(call, COOKIE_SESSION);
    if (header != NULL && cookie != NULL) {
        error_set(error, ERROR_INVALID, "credentials_mixed",
                  "send a token or the cookie of a session, not both");
        return FALSE;
    }
    if (header != NULL)
        return check_token(call, header, principal, error);
    return cookie == NULL || check_session(call, cookie, principal, error);
}
