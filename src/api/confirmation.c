// /api/v1/session/confirm: proving once more who it is, before what matters (reliability.md A16).
#include "api/confirmation.h"
#include "api/resources.h"
#include "api/session_begin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "base/secret.h"
#include "desk/second_factor.h"
#include "store/credential.h"
#include "store/session.h"

#define BODY_MAX (16 * 1024)
#define RECENT_MS (15 * 60 * 1000)

gboolean confirmation_session(const ApiCall *call, GError **error) {
    if (api_call_principal(call)->session_id != 0)
        return TRUE;
    error_set(error, ERROR_DENIED, "session_needed",
              "this is done in a browser by somebody signed in, not with a token");
    return FALSE;
}

gboolean confirmation_check(ApiCall *call, GError **error) {
    Id id = api_call_principal(call)->session_id;
    Instant confirmed_at = INSTANT_NONE;
    if (id == 0)
        return TRUE;
    Db *db = api_call_reader(call, error);
    if (db == NULL || !session_confirmed_at(db, id, &confirmed_at, error))
        return FALSE;
    if (confirmed_at >= clock_now() - RECENT_MS)
        return TRUE;
    error_set(error, ERROR_DENIED, "confirmation_needed",
              "confirm your password first: POST /api/v1/session/confirm");
    return FALSE;
}

typedef struct {
    const char *code; // the call's
    const char *recovery_code;
} Confirmation;

static gboolean write_confirmed(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Confirmation *confirmation = data;
    const Principal *principal = api_call_principal(call);
    const SecretKey *key = store_key(api_call_parts(call)->store);
    g_autoptr(Credential) credential = credential_get(db, principal->agent_id, error);
    if (credential == NULL)
        return FALSE;
    if (credential->has_totp && !second_factor_use(db, key, principal->agent_id, confirmation->code,
                                                   confirmation->recovery_code, clock_now(), error))
        return FALSE;
    if (!session_renew(call, db, principal->session_id, error))
        return FALSE;
    json_t *json = rows_load_one(db, session_columns, SESSION_SELECT "WHERE id = $1",
                                 DB_VALUES(DB_ID(principal->session_id)), "session_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    return json != NULL;
}

static gboolean decode_confirmation(ApiCall *call, const char **password,
                                    Confirmation *confirmation, GError **error) {
    *confirmation = (Confirmation){0};
    return api_call_unpack(call, error, "{s:s, s?s, s?s}", "password", password, "code",
                           &confirmation->code, "recovery_code", &confirmation->recovery_code);
}

static Attempt confirm_attempt(const ApiCall *call, char id[ID_TEXT_SIZE]) {
    id_format(api_call_principal(call)->agent_id, id);
    return sign_in_attempt(call, ATTEMPT_PASSWORD, id, NULL);
}

static void check_confirmation(ApiCall *call) {
    GError *error = NULL;
    const char *password;
    Confirmation confirmation;
    Db *db = decode_confirmation(call, &password, &confirmation, &error)
                 ? api_call_reader(call, &error)
                 : NULL;
    g_autoptr(Credential) credential =
        db != NULL ? credential_get(db, api_call_principal(call)->agent_id, &error) : NULL;
    if (credential == NULL) {
        api_call_fail(call, error);
        return;
    }
    char id[ID_TEXT_SIZE];
    Attempt attempt = confirm_attempt(call, id);
    if (secret_password_matches(credential->password_hash, password)) {
        sign_in_succeeded(api_call_parts(call)->sign_in, &attempt);
        api_call_write(call, write_confirmed, g_memdup2(&confirmation, sizeof confirmation),
                       g_free);
        return;
    }
    error_set(&error, ERROR_DENIED, "password_wrong", "this password is not right");
    sign_in_failed(api_call_parts(call)->sign_in, &attempt, credential->agent_id);
    api_call_fail(call, error);
}

static void confirm(ApiCall *call) {
    GError *error = NULL;
    const char *password;
    Confirmation confirmation;
    if (!confirmation_session(call, &error) ||
        !decode_confirmation(call, &password, &confirmation, &error)) {
        api_call_fail(call, error);
        return;
    }
    char id[ID_TEXT_SIZE];
    Attempt attempt = confirm_attempt(call, id);
    if (sign_in_admit_call(call, &attempt))
        api_call_hash(call, check_confirmation);
}

const ApiRoute api_session_confirm_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/session/confirm",
     .permission = PERMISSION_SIGNED_IN,
     .handler = confirm,
     .body_max = BODY_MAX},
    {0},
};
