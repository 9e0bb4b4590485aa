// PUT /api/v1/me/password, and of others by the local administrator: PUT
// /api/v1/agents/{agent}/password.
#include "api/password.h"

#include "api/confirmation.h"
#include "api/resources.h"
#include "api/session_begin.h"
#include "base/error.h"
#include "base/secret.h"
#include "model/password.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/session.h"
#include "store/ticket.h"

#define BODY_MAX (16 * 1024)

char *password_make_hash(const char *password, const char *email, const char *name,
                         GError **error) {
    return password_check(password, email, name, error) ? secret_password_hash(password) : NULL;
}

gboolean password_write(ApiCall *call, Db *db, Id agent_id, const char *hash, Id kept,
                        GError **error) {
    static const char *const purposes[] = {TICKET_SECOND_FACTOR, TICKET_INVITATION, TICKET_RESET};
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    Instant now = clock_now();
    if (!credential_set_password(db, agent_id, hash, now, error) ||
        !session_end_others(db, agent_id, kept, now, error))
        return FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(purposes); at++)
        if (!ticket_void(db, purposes[at], agent_id, now, error))
            return FALSE;
    return audit_add(db, actor, actor_id, "password_set", "agent", agent_id, NULL, error);
}

typedef struct {
    Id agent_id;
    char *hash;
} NewPassword;

static void new_password_free(gpointer data) {
    NewPassword *new = data;
    g_free(new->hash);
    g_free(new);
}

static gboolean write_password(ApiCall *call, Db *db, gpointer data, GError **error) {
    const NewPassword *new = data;
    const Principal *principal = api_call_principal(call);
    Id kept = principal->agent_id == new->agent_id ? principal->session_id : 0;
    if (!password_write(call, db, new->agent_id, new->hash, kept, error) ||
        (kept != 0 && !session_renew(call, db, kept, error)))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean find_agent(ApiCall *call, Id *agent_id, GError **error) {
    *agent_id = api_call_principal(call)->agent_id;
    if (api_call_principal(call)->is_local)
        *agent_id = api_call_path_id(call, "agent", error);
    return *agent_id != 0;
}

// On a thread of the gate.
static void hash_password(ApiCall *call) {
    GError *error = NULL;
    const char *password;
    Id agent_id = 0;
    Db *db = api_call_unpack(call, &error, "{s:s}", "password", &password) &&
                     find_agent(call, &agent_id, &error)
                 ? api_call_reader(call, &error)
                 : NULL;
    g_autoptr(Credential) credential = db != NULL ? credential_get(db, agent_id, &error) : NULL;
    char *hash = credential != NULL
                     ? password_make_hash(password, credential->email, credential->name, &error)
                     : NULL;
    if (hash == NULL) {
        api_call_fail(call, error);
        return;
    }
    NewPassword *new = g_new(NewPassword, 1);
    *new = (NewPassword){.agent_id = agent_id, .hash = hash};
    api_call_write(call, write_password, new, new_password_free);
}

static void set_own(ApiCall *call) {
    GError *error = NULL;
    if (!confirmation_session(call, &error) || !confirmation_check(call, &error))
        api_call_fail(call, error);
    else
        api_call_hash(call, hash_password);
}

static void set_any(ApiCall *call) {
    api_call_hash(call, hash_password);
}

const ApiRoute api_password_routes[] = {
    {.method = "PUT",
     .pattern = "/api/v1/me/password",
     .permission = PERMISSION_SIGNED_IN,
     .handler = set_own,
     .body_max = BODY_MAX},
    {.method = "PUT",
     .pattern = "/api/v1/agents/{agent}/password",
     .permission = PERMISSION_LOCAL,
     .handler = set_any,
     .body_max = BODY_MAX},
    {0},
};
