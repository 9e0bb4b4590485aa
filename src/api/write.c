#include <string.h>

#include "api/call_state.h"
#include "base/error.h"
#include "base/secret.h"
#include "store/idempotency.h"

#define KEY_MAX 200

// The key when the caller is known and gave one.
static const char *idempotency_key(const ApiCall *call) {
    if (!call->principal.is_known)
        return NULL;
    return api_call_header(call, "Idempotency-Key");
}

// Signed with the key file: a body may bear a password, which nobody must be able to guess from a
// stolen database (reliability.md K01).
static void request_hash(const ApiCall *call, guint8 mac[32]) {
    guint8 sha256[32];
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length;
    const guint8 *body = g_bytes_get_data(call->request->body, &length);
    gsize size = sizeof sha256;
    g_checksum_update(checksum, (const guchar *)call->request->method, -1);
    g_checksum_update(checksum, (const guchar *)call->target, (gssize)strlen(call->target) + 1);
    g_checksum_update(checksum, body, (gssize)length);
    g_checksum_get_digest(checksum, sha256, &size);
    secret_sign(store_key(call->parts->store), "idempotency", sha256, sizeof sha256, mac);
}

static gboolean answer_again(ApiCall *call, const KeptAnswer *kept, GError **error) {
    if (!kept->has_same_request) {
        error_set(error, ERROR_CONFLICT, "idempotency_mismatch",
                  "this Idempotency-Key was used for another request: take a new key");
        return FALSE;
    }
    if (kept->body[0] == '\0' && kept->status != 204) {
        error_set(error, ERROR_CONFLICT, "idempotency_secret",
                  "this was done already, and its answer is shown only once");
        return FALSE;
    }
    api_call_add_header(call, "Idempotent-Replayed", "true");
    api_call_answer_bytes(call, kept->status, kept->body[0] != '\0' ? "application/json" : NULL,
                          g_bytes_new(kept->body, strlen(kept->body)));
    return TRUE;
}

static gboolean keep_answer(ApiCall *call, Db *db, const char *key, const guint8 sha256[32],
                            GError **error) {
    gsize length;
    const char *data = g_bytes_get_data(call->answer->body, &length);
    g_autofree char *body = call->keeps_no_answer ? g_strdup("") : g_strndup(data, length);
    return idempotency_add(db, call->principal.agent_id, key, sha256, call->answer->status, body,
                           error);
}

static gboolean write_once(ApiCall *call, Db *db, const char *key, GError **error) {
    g_auto(KeptAnswer) kept = {0};
    guint8 sha256[32];
    request_hash(call, sha256);
    if (!idempotency_find(db, call->principal.agent_id, key, sha256, &kept, error))
        return FALSE;
    if (kept.status != 0)
        return answer_again(call, &kept, error);
    return call->write(call, db, call->write_data, error) &&
           keep_answer(call, db, key, sha256, error);
}

static gboolean write_run(Db *db, gpointer data, GError **error) {
    ApiCall *call = data;
    call_reset_answer(call);
    g_clear_pointer(&call->problem, json_decref);
    call->keeps_no_answer = FALSE;
    const char *key = idempotency_key(call);
    gboolean done = key != NULL ? write_once(call, db, key, error)
                                : call->write(call, db, call->write_data, error);
    g_assert(!done || call->answer->status != 0);
    return done;
}

static void write_done(gpointer data, const GError *error) {
    ApiCall *call = data;
    if (call->write_free != NULL)
        call->write_free(call->write_data);
    call->is_held = FALSE;
    if (error == NULL) {
        call_finish(call);
        return;
    }
    call_reset_answer(call);
    api_call_fail(call, g_error_copy(error));
}

void api_call_write(ApiCall *call, ApiWrite run, gpointer data, GDestroyNotify free) {
    call->write = run;
    call->write_data = data;
    call->write_free = free;
    const char *key = idempotency_key(call);
    if (key != NULL && (strlen(key) > KEY_MAX || key[0] == '\0')) {
        GError *error = NULL;
        error_set(&error, ERROR_INVALID, "idempotency_key_invalid",
                  "an Idempotency-Key has 1 to %d characters", KEY_MAX);
        write_done(call, error);
        g_error_free(error);
        return;
    }
    call_release_reader(call);
    call->is_held = TRUE;
    writer_submit(store_writer(call->parts->store), write_run, write_done, call);
}

void api_call_keep_no_answer(ApiCall *call) {
    call->keeps_no_answer = TRUE;
}
