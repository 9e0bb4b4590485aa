#include "api/authentication.h"

#include <string.h>

#include "base/error.h"
#include "store/token.h"

#define USE_NOTED_EVERY (5 * 60 * 1000) // milliseconds: last_used_at is no write a request
#define TOKEN_MAX 200

typedef struct {
    Id token_id;
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

gboolean authentication_check(ApiCall *call, Principal *principal, GError **error) {
    const char *header = api_call_header(call, "Authorization");
    if (header == NULL)
        return TRUE;
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
    return TRUE;
}
