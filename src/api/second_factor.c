// /api/v1/me/second-factor: enrolling TOTP with a confirmation, recovery codes, taking it away; and
// /api/v1/agents/{agent}/second-factor for who manages agents, when somebody lost theirs.
#include "desk/second_factor.h"
#include "api/agent_reach.h"
#include "api/confirmation.h"
#include "api/resources.h"
#include "api/session_begin.h"
#include "base/error.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/session.h"

static const SecretKey *key_of(const ApiCall *call) {
    return store_key(api_call_parts(call)->store);
}

static gboolean load_state(Db *db, Id agent_id, json_t **json, GError **error) {
    g_auto(CredentialTotp) totp = {0};
    gint64 left = 0;
    if (!credential_totp_find(db, agent_id, &totp, error) ||
        !credential_codes_left(db, agent_id, &left, error))
        return FALSE;
    const char *state = totp.seed == NULL ? "off" : totp.is_confirmed ? "on" : "pending";
    *json = json_pack("{s:s, s:I}", "totp", state, "recovery_codes_left", (json_int_t)left);
    return TRUE;
}

static void get_state(ApiCall *call) {
    GError *error = NULL;
    json_t *json = NULL;
    Db *db = confirmation_session(call, &error) ? api_call_reader(call, &error) : NULL;
    if (db != NULL && load_state(db, api_call_principal(call)->agent_id, &json, &error))
        api_call_answer_json(call, 200, json);
    else
        api_call_fail(call, error);
}

static gboolean audit(ApiCall *call, Db *db, const char *action, Id agent_id, GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return audit_add(db, actor, actor_id, action, "agent", agent_id, NULL, error);
}

static gboolean write_begun(ApiCall *call, Db *db, gpointer data, GError **error) {
    g_autofree char *secret = NULL;
    g_autofree char *uri = NULL;
    (void)data;
    if (!second_factor_begin(db, key_of(call), api_call_principal(call)->agent_id, &secret, &uri,
                             error))
        return FALSE;
    api_call_keep_no_answer(call);
    api_call_answer_json(call, 201, json_pack("{s:s, s:s}", "secret", secret, "uri", uri));
    return TRUE;
}

static gboolean answer_codes(ApiCall *call, Db *db, unsigned status, GError **error) {
    g_autoptr(GPtrArray) codes =
        second_factor_make_codes(db, key_of(call), api_call_principal(call)->agent_id, error);
    if (codes == NULL)
        return FALSE;
    json_t *list = json_array();
    for (guint at = 0; at < codes->len; at++)
        json_array_append_new(list, json_string(codes->pdata[at]));
    api_call_keep_no_answer(call);
    api_call_answer_json(call, status, json_pack("{s:o}", "recovery_codes", list));
    return TRUE;
}

static gboolean write_confirmed(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Principal *principal = api_call_principal(call);
    const char *code = data;
    return second_factor_confirm(db, key_of(call), principal->agent_id, code, clock_now(), error) &&
           session_end_others(db, principal->agent_id, principal->session_id, clock_now(), error) &&
           session_renew(call, db, principal->session_id, error) &&
           audit(call, db, "second_factor_added", principal->agent_id, error) &&
           answer_codes(call, db, 200, error);
}

static gboolean write_codes(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id = api_call_principal(call)->agent_id;
    g_autoptr(Credential) credential = credential_get(db, agent_id, error);
    (void)data;
    if (credential == NULL)
        return FALSE;
    if (!credential->has_totp) {
        error_set(error, ERROR_CONFLICT, "totp_off", "enrol a second factor first");
        return FALSE;
    }
    return audit(call, db, "recovery_codes_made", agent_id, error) &&
           answer_codes(call, db, 201, error);
}

static gboolean remove_of(ApiCall *call, Db *db, Id agent_id, GError **error) {
    if (!credential_totp_remove(db, agent_id, error) ||
        !audit(call, db, "second_factor_removed", agent_id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean write_removed(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Principal *principal = api_call_principal(call);
    (void)data;
    return session_renew(call, db, principal->session_id, error) &&
           remove_of(call, db, principal->agent_id, error);
}

// Whoever holds a session of theirs has to sign in again.
static gboolean write_reset(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id = *(const Id *)data;
    return agent_reach_check(call, db, agent_id, error) &&
           session_end_others(db, agent_id, 0, clock_now(), error) &&
           remove_of(call, db, agent_id, error);
}

// In a session that was confirmed lately.
static void change(ApiCall *call, ApiWrite run, gpointer data) {
    GError *error = NULL;
    if (confirmation_session(call, &error) && confirmation_check(call, &error))
        api_call_write(call, run, data, NULL);
    else
        api_call_fail(call, error);
}

static void begin_totp(ApiCall *call) {
    change(call, write_begun, NULL);
}

static void confirm_totp(ApiCall *call) {
    GError *error = NULL;
    const char *code;
    if (api_call_unpack(call, &error, "{s:s}", "code", &code))
        change(call, write_confirmed, (gpointer)(guintptr)code);
    else
        api_call_fail(call, error);
}

static void make_codes(ApiCall *call) {
    change(call, write_codes, NULL);
}

static void remove_totp(ApiCall *call) {
    change(call, write_removed, NULL);
}

static void reset_totp(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    if (id != 0 && confirmation_check(call, &error))
        api_call_write(call, write_reset, g_memdup2(&id, sizeof id), g_free);
    else
        api_call_fail(call, error);
}

const ApiRoute api_second_factor_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/me/second-factor",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_state},
    {.method = "POST",
     .pattern = "/api/v1/me/second-factor/totp",
     .permission = PERMISSION_SIGNED_IN,
     .handler = begin_totp},
    {.method = "POST",
     .pattern = "/api/v1/me/second-factor/totp/confirm",
     .permission = PERMISSION_SIGNED_IN,
     .handler = confirm_totp},
    {.method = "DELETE",
     .pattern = "/api/v1/me/second-factor/totp",
     .permission = PERMISSION_SIGNED_IN,
     .handler = remove_totp},
    {.method = "POST",
     .pattern = "/api/v1/me/second-factor/recovery-codes",
     .permission = PERMISSION_SIGNED_IN,
     .handler = make_codes},
    {.method = "DELETE",
     .pattern = "/api/v1/agents/{agent}/second-factor",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = reset_totp},
    {0},
};
