// /api/v1/session: signing in by a browser, in one step or two, and out again.
#include "store/session.h"
#include "api/cookie.h"
#include "api/resources.h"
#include "api/same_origin.h"
#include "api/session_begin.h"
#include "api/sign_in_limit.h"
#include "base/error.h"
#include "base/secret.h"
#include "desk/second_factor.h"
#include "store/audit.h"
#include "store/credential.h"
#include "store/ticket.h"

#define BODY_MAX (16 * 1024)
#define CHALLENGE_MS (5 * 60 * 1000)
#define CHALLENGE_TRIES 5
#define TICKET_BITS 256

typedef struct {
    const char *email;
    const char *password;
    const char *challenge;
    const char *code;
    const char *recovery_code;
} SignInBody;

static gboolean decode(ApiCall *call, SignInBody *body, GError **error) {
    *body = (SignInBody){0};
    if (!api_call_unpack(call, error, "{s?s, s?s, s?s, s?s, s?s}", "email", &body->email,
                         "password", &body->password, "challenge", &body->challenge, "code",
                         &body->code, "recovery_code", &body->recovery_code))
        return FALSE;
    gboolean is_first = body->email != NULL && body->password != NULL && body->challenge == NULL &&
                        body->code == NULL && body->recovery_code == NULL;
    gboolean is_second = body->challenge != NULL && body->email == NULL && body->password == NULL &&
                         (body->code == NULL) != (body->recovery_code == NULL);
    if (is_first || is_second)
        return TRUE;
    error_set(error, ERROR_INVALID, "body_invalid",
              "send email and password, or challenge with code or recovery_code");
    return FALSE;
}

static void fail(ApiCall *call, const Attempt *attempt, Id agent_id, GError *error) {
    if (error_kind(error) == ERROR_UNAUTHENTICATED)
        sign_in_failed(api_call_parts(call)->sign_in, attempt, agent_id);
    api_call_fail(call, error);
}

typedef struct {
    Id agent_id;
    char *challenge; // what a second factor is asked for with
} PasswordGood;

static void password_good_free(gpointer data) {
    PasswordGood *good = data;
    g_free(good->challenge);
    g_free(good);
}

static gboolean write_challenge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const PasswordGood *good = data;
    Instant now = clock_now();
    NewTicket ticket = {.purpose = TICKET_SECOND_FACTOR,
                        .agent_id = good->agent_id,
                        .secret = good->challenge,
                        .now = now,
                        .expires_at = now + CHALLENGE_MS};
    if (!ticket_void(db, TICKET_SECOND_FACTOR, good->agent_id, now, error) ||
        !ticket_add(db, &ticket, error))
        return FALSE;
    g_autofree char *expires = instant_format(ticket.expires_at);
    api_call_answer_json(call, 200,
                         json_pack("{s:s, s:s, s:[s, s]}", "challenge", good->challenge,
                                   "expires_at", expires, "second_factor", "code",
                                   "recovery_code"));
    return TRUE;
}

static gboolean write_session(ApiCall *call, Db *db, gpointer data, GError **error) {
    const PasswordGood *good = data;
    g_autoptr(Credential) credential = credential_get(db, good->agent_id, error);
    if (credential == NULL)
        return FALSE;
    if (!credential->is_disabled && !credential->has_totp)
        return session_begin(call, db, good->agent_id, "password", 201, error);
    error_set(error, ERROR_UNAUTHENTICATED, "sign_in_refused", // changed meanwhile
              "email address or password is wrong");
    return FALSE;
}

static void password_is_good(ApiCall *call, const Credential *credential) {
    PasswordGood *good = g_new0(PasswordGood, 1);
    good->agent_id = credential->agent_id;
    good->challenge = secret_token("", TICKET_BITS);
    api_call_write(call, credential->has_totp ? write_challenge : write_session, good,
                   password_good_free);
}

// On a thread of the gate. The same work and the same words for whoever is not known, is disabled
// or has no password (A03).
static void check_password(ApiCall *call) {
    GError *error = NULL;
    SignInBody body;
    Db *db = decode(call, &body, &error) ? api_call_reader(call, &error) : NULL;
    g_autoptr(Credential) credential =
        db != NULL ? credential_find_by_email(db, body.email, &error) : NULL;
    if (error != NULL) {
        api_call_fail(call, error);
        return;
    }
    gboolean may_try = credential != NULL && !credential->is_disabled;
    gboolean is_good =
        secret_password_matches(may_try ? credential->password_hash : NULL, body.password);
    Attempt attempt = sign_in_attempt(call, ATTEMPT_PASSWORD, body.email, body.email);
    g_autofree const char *device = attempt.device;
    if (is_good) {
        sign_in_succeeded(api_call_parts(call)->sign_in, &attempt);
        password_is_good(call, credential);
        return;
    }
    error_set(&error, ERROR_UNAUTHENTICATED, "sign_in_refused",
              "email address or password is wrong");
    fail(call, &attempt, credential != NULL ? credential->agent_id : 0, error);
}

typedef struct {
    const char *challenge; // the call's
    const char *code;
    const char *recovery_code;
} SecondStep;

static gboolean write_second_step(ApiCall *call, Db *db, gpointer data, GError **error) {
    const SecondStep *step = data;
    Instant now = clock_now();
    Ticket ticket;
    if (!ticket_get(db, TICKET_SECOND_FACTOR, step->challenge, now, &ticket, error))
        return FALSE;
    if (ticket.tries > CHALLENGE_TRIES) {
        error_set(error, ERROR_UNAUTHENTICATED, "ticket_invalid",
                  "too many wrong codes: begin again with the password");
        return FALSE;
    }
    if (!second_factor_use(db, store_key(api_call_parts(call)->store), ticket.agent_id, step->code,
                           step->recovery_code, now, error)) {
        sign_in_failed(api_call_parts(call)->sign_in, &(Attempt){.kind = ATTEMPT_SECOND_FACTOR},
                       ticket.agent_id);
        return FALSE;
    }
    return ticket_use(db, ticket.id, now, error) &&
           session_begin(call, db, ticket.agent_id, "password", 201, error);
}

static gboolean count_try(Db *db, gpointer data, GError **error) {
    return ticket_count_try(db, *(const Id *)data, error);
}

static void counted(gpointer data, const GError *error) {
    (void)error;
    g_free(data);
}

// Jobs of the writer run in order, so each guess is counted before it is looked at, however many
// come at once (A07).
static void take_second_step(ApiCall *call, const SignInBody *body, Id ticket_id) {
    SecondStep *step = g_new(SecondStep, 1);
    *step = (SecondStep){
        .challenge = body->challenge, .code = body->code, .recovery_code = body->recovery_code};
    writer_submit(store_writer(api_call_parts(call)->store), count_try, counted,
                  g_memdup2(&ticket_id, sizeof ticket_id));
    api_call_write(call, write_second_step, step, g_free);
}

static void second_step(ApiCall *call, const SignInBody *body) {
    GError *error = NULL;
    Ticket ticket = {0};
    Db *db = api_call_reader(call, &error);
    gboolean is_known = db != NULL && ticket_get(db, TICKET_SECOND_FACTOR, body->challenge,
                                                 clock_now(), &ticket, &error);
    g_autoptr(Credential) credential =
        is_known ? credential_get(db, ticket.agent_id, &error) : NULL;
    Attempt attempt =
        sign_in_attempt(call, ATTEMPT_SECOND_FACTOR, credential != NULL ? credential->email : "",
                        credential != NULL ? credential->email : NULL);
    g_autofree const char *device = attempt.device;
    if (!sign_in_admit_call(call, &attempt))
        g_clear_error(&error);
    else if (credential == NULL)
        fail(call, &attempt, 0, error);
    else
        take_second_step(call, body, ticket.id);
}

static void first_step(ApiCall *call, const SignInBody *body) {
    Attempt attempt = sign_in_attempt(call, ATTEMPT_PASSWORD, body->email, body->email);
    g_autofree const char *device = attempt.device;
    if (sign_in_admit_call(call, &attempt))
        api_call_hash(call, check_password);
}

static void sign_in(ApiCall *call) {
    GError *error = NULL;
    SignInBody body;
    if (!same_origin_check(call, &error) || !decode(call, &body, &error))
        api_call_fail(call, error);
    else if (body.challenge != NULL)
        second_step(call, &body);
    else
        first_step(call, &body);
}

static Id own_session(ApiCall *call, GError **error) {
    Id id = api_call_principal(call)->session_id;
    if (id == 0)
        error_set(error, ERROR_NOT_FOUND, "session_unknown",
                  "this is no session: it was authorized by a token");
    return id;
}

static void get_session(ApiCall *call) {
    GError *error = NULL;
    Id id = own_session(call, &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, session_columns, SESSION_SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "session_unknown");
}

static gboolean write_signed_out(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Principal *principal = api_call_principal(call);
    (void)data;
    if (!session_end(db, principal->session_id, clock_now(), error) ||
        !audit_add(db, ACTOR_AGENT, principal->agent_id, "signed_out", "session",
                   principal->session_id, NULL, error))
        return FALSE;
    cookie_set(call, COOKIE_SESSION, "", 0);
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void sign_out(ApiCall *call) {
    GError *error = NULL;
    if (own_session(call, &error) == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_signed_out, NULL, NULL);
}

const ApiRoute api_session_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/session",
     .permission = PERMISSION_ANYONE,
     .handler = sign_in,
     .body_max = BODY_MAX},
    {.method = "GET",
     .pattern = "/api/v1/session",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_session},
    {.method = "DELETE",
     .pattern = "/api/v1/session",
     .permission = PERMISSION_SIGNED_IN,
     .handler = sign_out},
    {0},
};
