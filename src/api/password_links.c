// What the links in mails lead to: POST /api/v1/invitation/redeem and /api/v1/password-reset/redeem
// choose a password with a one-use token; POST /api/v1/password-reset asks for such a mail.
#include "api/password.h"
#include "api/resources.h"
#include "api/same_origin.h"
#include "api/session_begin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "desk/system_mails.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/ticket.h"

#define BODY_MAX (16 * 1024)
#define TICKET_BITS 256
#define RESET_VALID_MS (30 * 60 * 1000)
#define RESETS_MAX 3 // in an hour, for one agent (A04)
#define HOUR_MS (60 * 60 * 1000)

typedef struct {
    const char *purpose;
    const char *token; // the call's
    char *hash;
} Redeemed;

static void redeemed_free(gpointer data) {
    Redeemed *redeemed = data;
    g_free(redeemed->hash);
    g_free(redeemed);
}

static gboolean write_password(ApiCall *call, Db *db, const Redeemed *redeemed, Id *agent_id,
                               GError **error) {
    Ticket ticket;
    Instant now = clock_now();
    if (!ticket_get(db, redeemed->purpose, redeemed->token, now, &ticket, error))
        return FALSE;
    *agent_id = ticket.agent_id;
    return ticket_use(db, ticket.id, now, error) &&
           password_write(call, db, ticket.agent_id, redeemed->hash, 0, error);
}

static gboolean write_accepted(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id;
    return write_password(call, db, data, &agent_id, error) &&
           session_begin(call, db, agent_id, "invitation", 201, error);
}

// No session: whoever reads the mail still has to have the second factor (A06).
static gboolean write_reset(ApiCall *call, Db *db, gpointer data, GError **error) {
    Id agent_id;
    Instant until = clock_now() + 24 * (gint64)HOUR_MS;
    if (!write_password(call, db, data, &agent_id, error) ||
        !system_mails_queue(db, store_key(api_call_parts(call)->store), agent_id,
                            "password_changed", NULL, until, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static char *make_hash(ApiCall *call, const char *purpose, const char **token, GError **error) {
    const char *password;
    Ticket ticket;
    if (!api_call_unpack(call, error, "{s:s, s:s}", "token", token, "password", &password))
        return NULL;
    Db *db = api_call_reader(call, error);
    if (db == NULL || !ticket_get(db, purpose, *token, clock_now(), &ticket, error))
        return NULL;
    g_autoptr(Credential) credential = credential_get(db, ticket.agent_id, error);
    return credential != NULL
               ? password_make_hash(password, credential->email, credential->name, error)
               : NULL;
}

// On a thread of the gate.
static void redeem_slowly(ApiCall *call, const char *purpose, ApiWrite run) {
    GError *error = NULL;
    const char *token;
    char *hash = make_hash(call, purpose, &token, &error);
    if (hash == NULL) {
        if (error_kind(error) == ERROR_UNAUTHENTICATED && api_call_parts(call)->sign_in != NULL)
            sign_in_failed(api_call_parts(call)->sign_in, &(Attempt){.kind = ATTEMPT_TICKET}, 0);
        api_call_fail(call, error);
        return;
    }
    Redeemed *redeemed = g_new(Redeemed, 1);
    *redeemed = (Redeemed){.purpose = purpose, .token = token, .hash = hash};
    api_call_write(call, run, redeemed, redeemed_free);
}

static void redeem_invitation_slowly(ApiCall *call) {
    redeem_slowly(call, TICKET_INVITATION, write_accepted);
}

static void redeem_reset_slowly(ApiCall *call) {
    redeem_slowly(call, TICKET_RESET, write_reset);
}

static void redeem(ApiCall *call, ApiHandler slowly) {
    GError *error = NULL;
    Attempt attempt = sign_in_attempt(call, ATTEMPT_TICKET, "", NULL);
    if (!same_origin_check(call, &error))
        api_call_fail(call, error);
    else if (sign_in_admit_call(call, &attempt))
        api_call_hash(call, slowly);
}

static void redeem_invitation(ApiCall *call) {
    redeem(call, redeem_invitation_slowly);
}

static void redeem_reset(ApiCall *call) {
    redeem(call, redeem_reset_slowly);
}

typedef struct {
    Store *store;
    char *email;
} ResetAsked;

static gboolean write_asked(Db *db, gpointer data, GError **error) {
    const ResetAsked *asked = data;
    GError *problem = NULL;
    gint64 count = 0;
    Instant now = clock_now();
    g_autoptr(Credential) credential = credential_find_by_email(db, asked->email, &problem);
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    if (credential == NULL || credential->is_disabled || credential->password_hash == NULL)
        return TRUE;
    if (!ticket_count_since(db, TICKET_RESET, credential->agent_id, now - HOUR_MS, &count, error))
        return FALSE;
    if (count >= RESETS_MAX)
        return TRUE;
    g_autofree char *secret = secret_token("", TICKET_BITS);
    NewTicket ticket = {.purpose = TICKET_RESET,
                        .agent_id = credential->agent_id,
                        .secret = secret,
                        .now = now,
                        .expires_at = now + RESET_VALID_MS};
    return ticket_add(db, &ticket, error) &&
           system_mails_queue(db, store_key(asked->store), credential->agent_id, "reset", secret,
                              ticket.expires_at, error) &&
           audit_add(db, ACTOR_SYSTEM, 0, "reset_asked", "agent", credential->agent_id, NULL,
                     error);
}

static void asked_done(gpointer data, const GError *error) {
    ResetAsked *asked = data;
    if (error != NULL)
        log_error(error, "reset_unwritten", NULL);
    g_free(asked->email);
    g_free(asked);
}

// Answered before anything is looked up, so that nobody learns who is known (A03).
static void ask_reset(ApiCall *call) {
    GError *error = NULL;
    const char *email;
    if (!same_origin_check(call, &error) ||
        !api_call_unpack(call, &error, "{s:s}", "email", &email)) {
        api_call_fail(call, error);
        return;
    }
    Attempt attempt = sign_in_attempt(call, ATTEMPT_RESET, email, NULL);
    if (!sign_in_admit_call(call, &attempt))
        return;
    ResetAsked *asked = g_new(ResetAsked, 1);
    *asked = (ResetAsked){.store = api_call_parts(call)->store, .email = g_strdup(email)};
    writer_submit(store_writer(asked->store), write_asked, asked_done, asked);
    api_call_answer_empty(call, 202);
}

const ApiRoute api_password_link_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/invitation/redeem",
     .permission = PERMISSION_ANYONE,
     .handler = redeem_invitation,
     .body_max = BODY_MAX},
    {.method = "POST",
     .pattern = "/api/v1/password-reset",
     .permission = PERMISSION_ANYONE,
     .handler = ask_reset,
     .body_max = BODY_MAX},
    {.method = "POST",
     .pattern = "/api/v1/password-reset/redeem",
     .permission = PERMISSION_ANYONE,
     .handler = redeem_reset,
     .body_max = BODY_MAX},
    {0},
};
