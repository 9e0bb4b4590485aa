// /api/v1/agents/{agent}/invitation: a mail with a link by which somebody chooses the first
// password. Sent again, it makes the former link void.
#include "api/invitations.h"

#include "api/agent_reach.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/secret.h"
#include "desk/system_mails.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/system_mail.h"
#include "store/ticket.h"

#define TICKET_BITS 256
#define VALID_MS (7 * 24 * G_GINT64_CONSTANT(3600000))

static gboolean take_back(Db *db, Id agent_id, GError **error) {
    Instant now = clock_now();
    return ticket_void(db, TICKET_INVITATION, agent_id, now, error) &&
           system_mail_cancel(db, agent_id, "invitation", now, error);
}

gboolean invitation_write(ApiCall *call, Db *db, Id agent_id, GError **error) {
    const ApiParts *parts = api_call_parts(call);
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    Instant now = clock_now();
    g_autofree char *secret = secret_token("", TICKET_BITS);
    NewTicket ticket = {.purpose = TICKET_INVITATION,
                        .agent_id = agent_id,
                        .secret = secret,
                        .now = now,
                        .expires_at = now + VALID_MS};
    return take_back(db, agent_id, error) && ticket_add(db, &ticket, error) &&
           system_mails_queue(db, store_key(parts->store), agent_id, "invitation", secret,
                              ticket.expires_at, error) &&
           audit_add(db, actor, actor_id, "agent_invited", "agent", agent_id, NULL, error);
}

static json_t *load(Db *db, Id agent_id, GError **error) {
    static const RowsColumn columns[] = {
        {"expires_at", COLUMN_INSTANT},
        {"is_valid", COLUMN_BOOL},
        {"mail", COLUMN_TEXT},
        {"mail_reason", COLUMN_TEXT},
        {0},
    };
    return rows_load_one(
        db, columns,
        "SELECT expires_at, CASE WHEN used_at IS NULL AND expires_at > $2 THEN 1 ELSE 0 END, "
        "(SELECT state FROM system_mail m WHERE m.agent_id = $1 AND m.purpose = 'invitation' ORDER "
        "BY id DESC LIMIT 1), (SELECT reason FROM system_mail m WHERE m.agent_id = $1 AND "
        "m.purpose = 'invitation' ORDER BY id DESC LIMIT 1) FROM ticket WHERE agent_id = $1 AND "
        "purpose = 'invitation' ORDER BY created_at DESC, id DESC LIMIT 1",
        DB_VALUES(DB_ID(agent_id), DB_INSTANT(clock_now())), "invitation_unknown", error);
}

static gboolean check_uninvited(Db *db, Id agent_id, GError **error) {
    g_autoptr(Credential) credential = credential_get(db, agent_id, error);
    if (credential == NULL)
        return FALSE;
    if (credential->password_hash == NULL && !credential->is_disabled)
        return TRUE;
    error_set(error, ERROR_CONFLICT, "agent_not_invitable",
              "this agent is disabled, or has a password already: a reset helps who forgot it");
    return FALSE;
}

static gboolean write_invited(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id = *(const Id *)data;
    if (!agent_reach_check(call, db, agent_id, error) || !check_uninvited(db, agent_id, error) ||
        !invitation_write(call, db, agent_id, error))
        return FALSE;
    json_t *json = load(db, agent_id, error);
    if (json != NULL)
        api_call_answer_json(call, 201, json);
    return json != NULL;
}

static gboolean write_taken_back(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id = *(const Id *)data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!agent_reach_check(call, db, agent_id, error) || !take_back(db, agent_id, error) ||
        !audit_add(db, actor, actor_id, "invitation_revoked", "agent", agent_id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void write_for_agent(ApiCall *call, ApiWrite run) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, run, g_memdup2(&id, sizeof id), g_free);
}

static void invite(ApiCall *call) {
    write_for_agent(call, write_invited);
}

static void revoke_invitation(ApiCall *call) {
    write_for_agent(call, write_taken_back);
}

static void get_invitation(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "agent", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    json_t *json = db != NULL ? load(db, id, &error) : NULL;
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    else
        api_call_fail(call, error);
}

const ApiRoute api_invitation_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/agents/{agent}/invitation",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = get_invitation},
    {.method = "POST",
     .pattern = "/api/v1/agents/{agent}/invitation",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = invite},
    {.method = "DELETE",
     .pattern = "/api/v1/agents/{agent}/invitation",
     .permission = PERMISSION_AGENT_MANAGE,
     .handler = revoke_invitation},
    {0},
};
