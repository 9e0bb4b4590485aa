// /api/v1/setup: the first administrator, made with a one-use code that only somebody on the server
// itself can get (dialogctl setup-code). Reachable until there is one who can sign in, then never
// again (reliability.md A17).
#include "api/field.h"
#include "api/password.h"
#include "api/resources.h"
#include "api/same_origin.h"
#include "api/session_begin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "base/secret.h"
#include "model/role.h"
#include "store/agent.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/ticket.h"

#define BODY_MAX (16 * 1024)
#define CODE_BITS 128
#define CODE_VALID_MS (24 * G_GINT64_CONSTANT(3600000))

static void get_setup(ApiCall *call) {
    GError *error = NULL;
    gboolean exists = FALSE;
    Db *db = api_call_reader(call, &error);
    if (db != NULL && credential_administrator_exists(db, &exists, &error))
        api_call_answer_json(call, 200, json_pack("{s:b}", "is_needed", !exists));
    else
        api_call_fail(call, error);
}

static gboolean check_needed(Db *db, GError **error) {
    gboolean exists = FALSE;
    if (!credential_administrator_exists(db, &exists, error))
        return FALSE;
    if (exists)
        error_set(error, ERROR_CONFLICT, "setup_done",
                  "dialogd is set up: an administrator invites others");
    return !exists;
}

static gboolean write_code(ApiCall *call, Db *db, gpointer data, GError **error) {
    const char *code = data;
    Instant now = clock_now();
    NewTicket ticket = {
        .purpose = TICKET_SETUP, .secret = code, .now = now, .expires_at = now + CODE_VALID_MS};
    if (!check_needed(db, error) || !ticket_void(db, TICKET_SETUP, 0, now, error) ||
        !ticket_add(db, &ticket, error))
        return FALSE;
    g_autofree char *expires = instant_format(ticket.expires_at);
    api_call_keep_no_answer(call);
    api_call_answer_json(call, 201, json_pack("{s:s, s:s}", "code", code, "expires_at", expires));
    return TRUE;
}

static void make_code(ApiCall *call) {
    api_call_write(call, write_code, secret_token("", CODE_BITS), g_free);
}

typedef struct {
    const char *code; // the call's
    const char *email;
    const char *name;
    char *hash;
} Setup;

static void setup_free(gpointer data) {
    Setup *setup = data;
    g_free(setup->hash);
    g_free(setup);
}

static gboolean decode(ApiCall *call, Setup *setup, const char **password, GError **error) {
    return api_call_unpack(call, error, "{s:s, s:s, s:s, s:s}", "code", &setup->code, "email",
                           &setup->email, "name", &setup->name, "password", password) &&
           field_check_email("email", setup->email, error) &&
           field_check_line("name", setup->name, 1, 200, error);
}

// init has made an agent of that address, maybe, with a token and no password: it becomes the one.
static gboolean write_agent(Db *db, const Setup *setup, Id *agent_id, GError **error) {
    GError *problem = NULL;
    g_autoptr(Agent) known = agent_find_by_email(db, setup->email, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (known != NULL) {
        *agent_id = known->id;
        g_free(known->role);
        known->role = g_strdup(ROLE_ADMINISTRATOR);
        known->disabled_at = INSTANT_NONE;
        return agent_change(db, known, error);
    }
    Agent agent = {.id = id_next(),
                   .email = g_strdup(setup->email),
                   .name = g_strdup(setup->name),
                   .role = g_strdup(ROLE_ADMINISTRATOR),
                   .signature = g_strdup(""),
                   .created_at = clock_now()};
    gboolean added = agent_add(db, &agent, error);
    *agent_id = agent.id;
    g_free(agent.email);
    g_free(agent.name);
    g_free(agent.role);
    g_free(agent.signature);
    return added;
}

static gboolean write_setup(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Setup *setup = data;
    Ticket ticket;
    Id agent_id;
    Instant now = clock_now();
    return check_needed(db, error) &&
           ticket_get(db, TICKET_SETUP, setup->code, now, &ticket, error) &&
           ticket_use(db, ticket.id, now, error) && write_agent(db, setup, &agent_id, error) &&
           password_write(call, db, agent_id, setup->hash, 0, error) &&
           audit_add(db, ACTOR_SYSTEM, 0, "set_up", "agent", agent_id, NULL, error) &&
           session_begin(call, db, agent_id, "setup", 201, error);
}

static char *make_hash(ApiCall *call, Setup *setup, GError **error) {
    const char *password;
    Ticket ticket;
    Db *db = decode(call, setup, &password, error) ? api_call_reader(call, error) : NULL;
    if (db == NULL || !check_needed(db, error) ||
        !ticket_get(db, TICKET_SETUP, setup->code, clock_now(), &ticket, error))
        return NULL;
    return password_make_hash(password, setup->email, setup->name, error);
}

// On a thread of the gate.
static void set_up_slowly(ApiCall *call) {
    GError *error = NULL;
    Setup setup = {0};
    setup.hash = make_hash(call, &setup, &error);
    if (setup.hash != NULL) {
        api_call_write(call, write_setup, g_memdup2(&setup, sizeof setup), setup_free);
        return;
    }
    if (error_kind(error) == ERROR_UNAUTHENTICATED && api_call_parts(call)->sign_in != NULL)
        sign_in_failed(api_call_parts(call)->sign_in, &(Attempt){.kind = ATTEMPT_TICKET}, 0);
    api_call_fail(call, error);
}

static void set_up(ApiCall *call) {
    GError *error = NULL;
    Attempt attempt = sign_in_attempt(call, ATTEMPT_TICKET, "", NULL);
    if (!same_origin_check(call, &error))
        api_call_fail(call, error);
    else if (sign_in_admit_call(call, &attempt))
        api_call_hash(call, set_up_slowly);
}

const ApiRoute api_setup_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/setup",
     .permission = PERMISSION_ANYONE,
     .handler = get_setup},
    {.method = "POST",
     .pattern = "/api/v1/setup",
     .permission = PERMISSION_ANYONE,
     .handler = set_up,
     .body_max = BODY_MAX},
    {.method = "POST",
     .pattern = "/api/v1/setup/code",
     .permission = PERMISSION_LOCAL,
     .handler = make_code},
    {0},
};
